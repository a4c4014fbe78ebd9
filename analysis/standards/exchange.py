"""What the study adds to a bundle in the exchange standards, in the folders that reviewers expect."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from analysis.standards import terms
from analysis.standards.adam import adam_datasets
from analysis.standards.records import Row
from analysis.standards.reviewers_guides import adam_guide, sdtm_guide
from analysis.standards.row_conversion import collect
from analysis.standards.sdtm import sdtm_datasets
from analysis.standards.table_mappings import table_mappings
from analysis.standards.tabulation import tabulate
from analysis.standards.trial import trial_datasets
from prtras.crf.study import protocol
from prtras.datacut.snapshot import Snapshot
from prtras.exports.standards import dataset_json, define, xpt
from prtras.exports.standards.dataset import Dataset
from prtras.exports.standards.define import Package, Standard

CONTROLLED = Standard("CDISC/NCI", "CT", terms.VERSION, "SDTM")
SDTM, ADAM = Standard("SDTMIG", "IG", "3.4"), Standard("ADaMIG", "IG", "1.3")


def files(picture: Snapshot, cutoff: date) -> dict[str, bytes]:
    """SDTM and ADaM as XPT with Define-XML and guides, and as Dataset-JSON. The same picture gives the same bytes."""
    tabulation, analysis = datasets(picture.tables, cutoff)
    created = datetime.fromisoformat(picture.created_at)
    study = protocol()
    folder = f"m5/datasets/{study.code.lower().replace('-', '')}"
    about = (
        (f"{folder}/tabulations/sdtm", "Tabulation", SDTM, tabulation, "csdrg.md"),
        (f"{folder}/analysis/adam/datasets", "Analysis", ADAM, analysis, "adrg.md"),
    )
    made: dict[str, bytes] = {}
    for place, purpose, standard, group, guide in about:
        package = Package(study.code, study.title, purpose, (standard, CONTROLLED), group, guide)
        made[f"{place}/define.xml"] = define.write(package, created)
        for dataset in group:
            name = dataset.name.lower()
            made[f"{place}/{name}.xpt"] = xpt.write(dataset, created)
            document, lines = dataset_json.write(dataset, study.code, created, f"../{place}/define.xml")
            made |= {f"dataset-json/{name}.json": document, f"dataset-json/{name}.ndjson.gz": lines}
    made[f"{about[0][0]}/csdrg.md"] = sdtm_guide(study, tabulation, table_mappings())
    made[f"{about[1][0]}/adrg.md"] = adam_guide(study, analysis)
    return made


def datasets(tables: Mapping[str, Sequence[Row]], cutoff: date) -> tuple[list[Dataset], list[Dataset]]:
    """The datasets of SDTM, and those of ADaM."""
    made = collect(tables, table_mappings(), cutoff)
    done = tabulate(made, tables, protocol().code)
    tabulation = [*sdtm_datasets(done, made), *trial_datasets(protocol(), done.subjects, tables, cutoff.isoformat())]
    return sorted(tabulation, key=lambda each: each.name), adam_datasets(done, tables, cutoff)
