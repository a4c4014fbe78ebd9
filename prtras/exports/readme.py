"""What the README.txt of every bundle says about checking it."""

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
