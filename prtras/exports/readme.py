"""What the README.txt of every bundle says about its de-identification, and about checking it."""

from prtras.exports.deidentification import ANALYSIS, SHARE, SITE
from prtras.labels import T

CHECKING = T(
    """核对数据包
* sha256sum -c SHA256SUMS：各文件完整无缺。
* python -m prtras.exports.verify 数据包.zip --key {fingerprint}
  核对清单、每个单元格与编码手册、各表之间的引用和签名，并用 recompute.py 和 recompute.R 重新计算；
  问题按文件和行列出。
* MANIFEST.sig 是 manifest.json 的 Ed25519 签名（64 字节），signing-key.pem 是公钥；只有当指纹来自管理员页面或此前收到的
  可信来源时，签名才说明数据包由谁制作。不用本系统也可核对：
  openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in manifest.json -sigfile MANIFEST.sig
  签名公钥的指纹：{fingerprint}
""",
    """How to check this bundle
* sha256sum -c SHA256SUMS: every file is whole.
* python -m prtras.exports.verify BUNDLE.zip --key {fingerprint}
  checks the manifest, every cell against the codebook, references between tables and the signature, and computes the
  numbers again with recompute.py and recompute.R; what is wrong is listed by file and line.
* MANIFEST.sig is the Ed25519 signature (64 bytes) of manifest.json, signing-key.pem the public key. A signature says
  who made the bundle only if the fingerprint comes from the administrators' page or another source that you trust.
  Without this system:
  openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in manifest.json -sigfile MANIFEST.sig
  Fingerprint of the key: {fingerprint}
""",
)

_CALENDAR = T(
    """* 报告的主要结果（时间、风险比、曲线）不受影响；凡依赖日历的数（按月入组、预测、按天数计的质疑）按平移后的
  日历计算，因此 results.json 的校验值与该数据快照的分析运行不同。仅知年月的日期平移后仍只有年月，由其得出的
  天数可能相差数日。
* 截止日期时尚未到期且无任何记录的访视不在其中。自由文本、实验室名称、批号、签名人姓名、筛选号、多人共有的日期
  （版本、批次、参考范围）以及录入的时刻均不包含；
  已编码的不良事件名称以 MedDRA 英文低位语代替，未编码者为空。不含逐次修改记录。
* k-anonymity.csv：性别、五岁年龄段、治疗组相同的人数。去标识化的数据仍属个人信息（《个人信息保护法》第七十三条）。
""",
    """* Times, ratios and curves of the report are not changed by it; what depends on the calendar (accrual by month,
  projections, queries by age) follows the shifted one, so that the checksum of results.json is not that of a run of
  this data cut. A date known to the month stays one; what is derived from it may differ by some days.
* Visits still to come at the cut-off, of which nothing is on record, are left out. So are free texts, names of
  laboratories and signers, lot and screening numbers, days that many share (of versions, lots, ranges) and the times
  of day of entries; a coded term stands as MedDRA's lowest level term in English,
  one that nobody coded is empty. The history of changes is not there.
* k-anonymity.csv: how many share sex, age band of five years and arm. De-identified data remain personal information
  (Personal Information Protection Law of China, article 73).
""",
)
#: By profile, what was done to identities and dates.
EXPLAINED: dict[str, T] = {
    SITE: T(
        """去标识化：本中心存档（SITE）
* 真实的受试者编号、日期与文本；不含出生日期和姓名缩写。签名人姓名在 data/signatures.csv 中。
""",
        """De-identification: archive of the site (SITE)
* Real participant numbers, dates and texts; no birth date, no initials. data/signatures.csv names who signed.
""",
    ),
    ANALYSIS: T(
        """去标识化：统计分析（ANALYSIS）
* 受试者编号以代码代替；每位受试者的全部日期前移同样的 1 至 364 天，间隔与先后不变。代码与天数在本系统的
  各数据包中相同。
""",
        """De-identification: analysis (ANALYSIS)
* A code stands for each participant number; all dates of a participant are moved back by the same 1 to 364 days, so
  that intervals and their order stay. Codes and days are the same in all bundles of this installation.
""",
    )
    + _CALENDAR,
    SHARE: T(
        """去标识化：对外共享（SHARE）
* 代码仅用于本数据包；每位受试者的第 0 天（没有时为最早日期）为 2000-01-01。年龄为五岁段的首岁；同性别、年龄段、
  治疗组不足 5 人者不含年龄和性别。不含中心。
""",
        """De-identification: sharing (SHARE)
* The codes are those of this bundle alone; Day 0 of every participant (without one, their first date) is 2000-01-01.
  Age is the first year of a band of five; where fewer than 5 share sex, band and arm, age and sex are withheld.
  No site.
""",
    )
    + _CALENDAR,
}
