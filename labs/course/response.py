"""What a participant's virology amounts to, each with the rule and the values and days behind it. Pure.

Rules: crf-spec E5 (loss and functional cure), protocol constants `hbv_rebound_log10` and `alt_flare_xuln`; decline of
HBsAg of at least 1 log10 IU/mL from baseline, seroconversion as anti-HBs of at least 10 mIU/mL after loss and as HBeAg
negative with anti-HBe after HBeAg positive (EASL 2017, doi:10.1016/j.jhep.2017.03.021).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from enrollment.protocol import value_of
from labs.codelists.virology import SEROSTATUS
from labs.course.records import Dose, Records, Regimen, Result, Virus
from labs.deriving.panels import BASELINE
from labs.deriving.virology import PROTECTED, is_protected, proven_load
from prtras.clinical.constants import FUNCURE_OFFTX_DAYS, FUNCURE_RULE, HBSAG_CONFIRM_DAYS, HBSAG_LLOQ
from prtras.crf.numbers import plain
from prtras.labels import T

#: log10 IU/mL of HBsAg from baseline, and mIU/mL of anti-HBs, from which there is a response.
DECLINE = Decimal(1)
UNDETECTABLE = ("TND", "LLOQ_DET")
_NO_RESULT = T("无结果", "no result")
_RULES = {
    "OFF_ALL": T("停用干扰素及NA后", "after Peg-IFN and NA have ended"),
    "OFF_PEGIFN": T("停用干扰素后", "after Peg-IFN has ended"),
}


@dataclass(frozen=True)
class Statement:
    """One finding: what it is about, how it stands, by which rule and values; `reached` once it was ever so."""

    title: T
    state: T
    reason: T
    reached: bool = False


def statements(records: Records) -> list[Statement]:
    """Everything that can be stated of a participant; nothing without a sample."""
    if not records.viruses:
        return list(_flare(records.alt))
    return [
        *_decline(records.viruses), *_loss(records.viruses, records.doses, records.regimens),
        *_conversion(records.viruses), *_e_antigen(records.viruses), *_viral_load(records.viruses),
        *_flare(records.alt),
    ]  # fmt: skip


def _decline(samples: Sequence[Virus]) -> Iterator[Statement]:
    known = [sample for sample in samples if sample["hbsag_log"] is not None]
    base = _baseline(known)
    title = T("HBsAg下降", "HBsAg decline")
    later = [sample for sample in known if base is not None and sample.day > base.day]
    if base is None or not later:
        yield Statement(title, _NO_RESULT, T("缺少基线或基线后的定量结果", "no quantity at baseline, or none after it"))
        return
    lowest, last = min(later, key=lambda s: s["hbsag_log"]), later[-1]
    fall = base["hbsag_log"] - last["hbsag_log"]
    most = base["hbsag_log"] - lowest["hbsag_log"]
    reason = T(
        "基线 {b}（{bd}），最近 {l}（{ld}）；最大下降 {m}（{md}）；应答标准 ≥{d} log10",
        "baseline {b} ({bd}), last {l} ({ld}); largest decline {m} ({md}); response from {d} log10",
    ).format(
        b=plain(base["hbsag_log"]), bd=base.day, l=plain(last["hbsag_log"]), ld=last.day, m=plain(most),
        md=lowest.day, d=plain(DECLINE),
    )  # fmt: skip
    yield Statement(title, T(f"{plain(fall)} log10", f"{plain(fall)} log10"), reason, most >= DECLINE)


def _baseline(samples: Sequence[Virus]) -> Virus | None:
    """The sample of W0, else of screening, else the first."""
    for visit in BASELINE:
        if sample := next((sample for sample in samples if sample.visit == visit), None):
            return sample
    return samples[0] if samples else None


def _loss(samples: Sequence[Virus], doses: Sequence[Dose], regimens: Sequence[Regimen]) -> Iterator[Statement]:
    """The computed status of the last sample that has one, and the days that decided on it."""
    rated = [sample for sample in samples if sample["hbsag_status"]]
    title = T("HBsAg清除与功能性治愈", "HBsAg loss and functional cure")
    if not rated:
        yield Statement(title, _NO_RESULT, T("无有效的HBsAg结果", "no valid HBsAg result"))
        return
    last = rated[-1]
    status = last["hbsag_status"]
    run = _negative_run(rated)
    rule = T(
        "清除：两次 <{l} IU/mL，间隔 ≥{c} 天；功能性治愈：{r} ≥{o} 天仍清除且HBV DNA检测不到",
        "loss: two results <{l} IU/mL at least {c} days apart; functional cure: loss and undetectable HBV DNA"
        " {o} days or more {r}",
    ).format(
        l=plain(HBSAG_LLOQ.value), c=HBSAG_CONFIRM_DAYS.value, o=FUNCURE_OFFTX_DAYS.value, r=_RULES[FUNCURE_RULE.value]
    )
    facts = T("；", "; ") + _treatment(doses, regimens)
    if run:
        facts += T("；自 {a} 起阴性，至 {b} 共 {n} 次", "; negative from {a} to {b}, {n} samples").format(
            a=run[0].day, b=run[-1].day, n=len(run)
        )
    else:
        facts += T("；最近一次为阳性（{d}）", "; last result positive ({d})").format(d=last.day)
    reached = any(sample["hbsag_status"] in ("LOSS_CONF", "FUNCURE") for sample in rated)
    yield Statement(title, SEROSTATUS.text(status), rule + facts, reached)


def _negative_run(rated: Sequence[Virus]) -> list[Virus]:
    """The samples without HBsAg at the end of the course."""
    run: list[Virus] = []
    for sample in reversed(rated):
        if sample["hbsag_status"] in ("POSITIVE", "REVERTED"):
            break
        run.insert(0, sample)
    return run


def _treatment(doses: Sequence[Dose], regimens: Sequence[Regimen]) -> T:
    given = [dose.day for dose in doses if dose.micrograms]
    injected = T(f"末次干扰素 {given[-1]}", f"last Peg-IFN {given[-1]}") if given else T("未用干扰素", "no Peg-IFN")
    if any(regimen.ongoing for regimen in regimens):
        return injected + T("，NA持续", ", NA ongoing")
    ends = [regimen.end for regimen in regimens if regimen.end]
    return injected + (T(f"，NA止于 {max(ends)}", f", NA ended {max(ends)}") if ends else T("", ""))


def _conversion(samples: Sequence[Virus]) -> Iterator[Statement]:
    """Anti-HBs after the loss of HBsAg."""
    title = T("HBsAg血清学转换", "HBsAg seroconversion")
    lost = [s for s in samples if s["hbsag_status"] in ("LOSS_UNCONF", "LOSS_CONF", "FUNCURE")]
    protected = [s for s in lost if is_protected(s["hbsab_val"], s["hbsab_q"])]
    rule = T("HBsAg清除且抗-HBs ≥{p} mIU/mL", "HBsAg loss with anti-HBs of {p} mIU/mL or more").format(p=PROTECTED)
    if protected:
        first = protected[0]
        shown = f"{first['hbsab_q'] or ''}{plain(first['hbsab_val'])}"
        value = T("；{d}：抗-HBs {v}", "; {d}: anti-HBs {v}").format(d=first.day, v=shown)
        yield Statement(title, T("是", "yes"), rule + value, True)
    else:
        yield Statement(title, T("否", "no"), rule)


def _e_antigen(samples: Sequence[Virus]) -> Iterator[Statement]:
    title = T("HBeAg", "HBeAg")
    tested = [sample for sample in samples if sample["hbeag_res"] in ("POS", "NEG")]
    if not tested:
        yield Statement(title, _NO_RESULT, T("无HBeAg结果", "no HBeAg result"))
        return
    first, last = tested[0], tested[-1]
    if first["hbeag_res"] != "POS":
        yield Statement(title, T("基线阴性", "negative at baseline"), T(f"{first.day}", f"{first.day}"))
        return
    lost = next((s for s in tested if s["hbeag_res"] == "NEG"), None)
    converted = next((s for s in tested if s["hbeag_res"] == "NEG" and s["hbeab_res"] == "POS"), None)
    if last["hbeag_res"] == "POS":
        again = T("；{d} 曾转阴", "; negative on {d}").format(d=lost.day) if lost else T("", "")
        yield Statement(title, T("阳性", "positive"), T(f"{last.day}", f"{last.day}") + again)
    elif converted:
        reason = T("HBeAg转阴且抗-HBe阳性：{d}", "HBeAg negative with anti-HBe: {d}").format(d=converted.day)
        yield Statement(title, T("血清学转换", "seroconversion"), reason, True)
    else:
        day = lost.day if lost else last.day
        yield Statement(title, T("清除", "loss"), T(f"{day}", f"{day}"), True)


def _viral_load(samples: Sequence[Virus]) -> Iterator[Statement]:
    """Whether the virus is undetectable, and whether it rose again from its lowest value."""
    tested = [s for s in samples if proven_load(s["hbvdna_q"], s["hbvdna_log"]) not in (None, "INVALID")]
    title, rebound = T("HBV DNA", "HBV DNA"), T("病毒学反弹", "Virological rebound")
    if not tested:
        yield Statement(title, _NO_RESULT, T("无有效的HBV DNA结果", "no valid HBV DNA result"))
        return
    last = tested[-1]
    since: date | None = None
    for sample in tested:
        since = (since or sample.day) if sample["hbvdna_q"] in UNDETECTABLE else None
    shown = T("{raw}（{d}）", "{raw} ({d})").format(raw=last["hbvdna_raw"], d=last.day)
    if since:
        detected = last["hbvdna_q"] == "LLOQ_DET"
        state = T("低于定量下限", "below LLOQ") if detected else T("检测不到", "undetectable")
        yield Statement(title, state, shown + T(f"；自 {since} 起", f"; since {since}"), True)
    else:
        yield Statement(title, T("可检测", "detectable"), shown)
    yield _rebound(rebound, tested)


def _rebound(title: T, tested: Sequence[Virus]) -> Statement:
    step = Decimal(value_of("hbv_rebound_log10"))
    rule = T("较最低值升高 ≥{s} log10", "a rise of {s} log10 or more above the lowest value").format(s=plain(step))
    lowest: Virus | None = None
    for sample in tested:
        if sample["hbvdna_log"] is None:
            continue
        if lowest is not None and sample["hbvdna_log"] - lowest["hbvdna_log"] >= step:
            facts = T("；{a}：{x} → {b}：{y}", "; {a}: {x} → {b}: {y}").format(
                a=lowest.day, x=plain(lowest["hbvdna_log"]), b=sample.day, y=plain(sample["hbvdna_log"])
            )
            return Statement(title, T("是", "yes"), rule + facts, True)
        if lowest is None or sample["hbvdna_log"] < lowest["hbvdna_log"]:
            lowest = sample
    return Statement(title, T("否", "no"), rule)


def _flare(results: Sequence[Result]) -> Iterator[Statement]:
    title, times = T("ALT急性升高", "ALT flare"), Decimal(value_of("alt_flare_xuln"))
    rule = T("ALT >{n} × ULN", "ALT above {n} x ULN").format(n=times)
    known = [each for each in results if each.upper]
    if not known:
        yield Statement(title, _NO_RESULT, T("无带参考上限的ALT结果", "no ALT with an upper limit"))
        return
    worst = max(known, key=_multiple)
    facts = T("；最高 {m} × ULN（{v}，{d}）", "; highest {m} x ULN ({v}, {d})").format(
        m=f"{_multiple(worst):.1f}", v=worst.text, d=worst.day
    )
    flared = _multiple(worst) > times
    yield Statement(title, T("是", "yes") if flared else T("否", "no"), rule + facts, flared)


def _multiple(result: Result) -> Decimal:
    return result.value / (result.upper or Decimal(1))
