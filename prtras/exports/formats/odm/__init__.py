"""ODM 1.3.2 (CDISC): the definitions, the data cut, and how it came about."""

from collections.abc import Mapping

from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.formats.odm import tables
from prtras.exports.formats.odm.snapshot import write_metadata, write_snapshot
from prtras.exports.formats.odm.transactional import write_transactional
from prtras.exports.formats.registry import Files, Format
from prtras.labels import T

METADATA, SNAPSHOT, TRANSACTIONAL = "odm/metadata.xml", "odm/snapshot.xml", "odm/transactional.xml"


def write(picture: Snapshot) -> Files:
    """The definitions alone, and the data cut with its definitions."""
    return {METADATA: write_metadata(picture), SNAPSHOT: write_snapshot(picture)}


def read(files: Mapping[str, bytes]) -> dict[str, list[Row]]:
    """The tables of a data cut as its snapshot gives them. Raises KeyError for an OID that is not defined."""
    return tables.read(files[SNAPSHOT])


def history(cut: DataCut, picture: Snapshot) -> Files:
    """How the data cut came about; nothing where it is not on record what of the trail the data cut saw."""
    if cut.moment is None:
        return {}
    return {TRANSACTIONAL: write_transactional(picture, cut.moment, cut.cutoff)}


README = T(
    """ODM 文件的约定
* CDISC ODM 1.3.2，UTF-8：odm/metadata.xml 只有定义；odm/snapshot.xml 是数据快照；
  odm/transactional.xml 是稽查轨迹中截至数据快照的每一次变更。
* 标识符由字母、数字、下划线和点组成；其他字符写作两点之间的十六进制码位（U/L 写作 U.2F.L）。
* 不属于访视的内容在 COMMON 之下。表单 participants 与 visits 是受试者与访视计划；CUTROW 是该行在数据快照表中的行号。
  质疑、源数据核查、签名和编码各为一个项目组，位于其所属页面之下。
* 没有值但有原因时：IsNull 与标记 MISSING。以其他单位给出的原文：标记 REPORTED 的备注。
  XML 无法表示的字符在 Value 中为 U+FFFD，完整的值为标记 VALUE 与 JSON 的备注（JSON 字符串）。
* 一个项目有多个代码时，代码以分号分隔；其代码表由 SeveralCodes 别名指出。
* 研究自有的数据表（如独立评审）在 snapshot.xml 中各为 COMMON 之下的一个表单；其变更不在 transactional.xml 中。
* 人员只有编号和角色，没有姓名；签名人的姓名只在 snapshot.xml 的签名表中，与 CSV 相同。
  自由填写的修改原因和质疑的文字不导出。因此不标注 Archival。
* AuditRecord 的 SourceID 是稽查轨迹的事件编号；时间为 UTC。被标注为录入有误的页面或行为 Remove。
* 数据快照未记录它所见的轨迹时，没有 transactional.xml。
""",
    """How the ODM files are written
* CDISC ODM 1.3.2, UTF-8: odm/metadata.xml holds the definitions alone; odm/snapshot.xml the data cut;
  odm/transactional.xml every change in the audit trail up to the data cut.
* OIDs are letters, digits, underscores and points; any other character is its hexadecimal code point between two points
  (U/L is U.2F.L).
* What belongs to no visit stands below COMMON. The forms participants and visits are the participant and the visit as
  planned; CUTROW is the number of the row in its table of the data cut. Queries, verifications, signatures and codings
  are item groups of the page that they are about.
* No value, but a reason: IsNull and a flag MISSING. A value in another unit as typed: a comment with the flag REPORTED.
  A character that XML cannot hold is U+FFFD in Value; the exact value is a comment with the flags VALUE and JSON
  (a JSON string).
* Several codes at one item are separated by semicolons; an alias SeveralCodes names their code list.
* Tables of the study itself (such as an independent review) are forms below COMMON in snapshot.xml; their changes are
  not in transactional.xml.
* People are a number and a role, without names; the name of a signer stands only in the signatures of snapshot.xml, as
  in CSV. Reasons and queries in words of one's own are not exported. So the files do not claim to be Archival.
* SourceID in an AuditRecord is the number of the event in the audit trail; times are UTC. A page or row that was
  entered in error is a Remove.
* Where it is not on record what of the trail a data cut saw, there is no transactional.xml.
""",
)

ODM = Format("odm", T("CSV 与 CDISC ODM 1.3.2（XML）", "CSV and CDISC ODM 1.3.2 (XML)"), write, read, README, history)
