"""How the trail speaks of bundles."""

from prtras.audit.words import Label, Words
from prtras.exports.deidentification import PROFILES
from prtras.exports.release import DESTINATIONS, PURPOSES
from prtras.jobs.words import words_of_a_job
from prtras.labels import T

WORDS: dict[str, Words] = {
    "exports_exportjob": words_of_a_job(
        T("申请数据包", "Bundle requested"),
        {
            "format": Label(T("格式", "Format")),
            "purpose": Label(PURPOSES.title, PURPOSES.codes),
            "recipient": Label(T("接收人", "Recipient")),
            "destination": Label(DESTINATIONS.title, DESTINATIONS.codes),
            "filing": Label(T("出境备案编号", "Number of the filing")),
            "profile": Label(PROFILES.title, PROFILES.codes),
        },
        frozenset({"cut_id", "file_id", "contents"}),
    ),
    "exports_bundlecheck": words_of_a_job(
        T("核对数据包", "Bundle laid before the system"),
        {"name": Label(T("文件", "File"))},
        frozenset({"size", "sha256", "report"}),
    ),
    "exports_cutcomparison": words_of_a_job(
        T("比较数据快照", "Data cuts compared"),
        {"participants": Label(T("有差异的受试者数", "Participants of whom a value differs"))},
        frozenset({"before_id", "after_id", "file_id", "counts", "first"}),
    ),
    "exports_signingkey": Words(
        T("数据包签名密钥首次使用", "Key signed its first bundle"),
        silent=frozenset({"fingerprint", "public_key", "first_used_at"}),
    ),
}
