"""How the trail speaks of files."""

from prtras.audit.words import Label, Words
from prtras.labels import T

WORDS = {
    "files_storedfile": Words(
        T("保存文件", "File stored"),
        columns={"size": Label(T("字节", "Bytes"))},
        silent=frozenset({"sha256", "stored_at"}),
    ),
    "files_download": Words(
        T("下载", "Downloaded"),
        columns={"name": Label(T("文件", "File"))},
        silent=frozenset({"file_id", "user_id", "at"}),
    ),
}
