"""The study's data as SDTM and ADaM datasets, in the bundle: XPT, Dataset-JSON, Define-XML, reviewer's guides.

Where an item goes follows from its `sdtm` name; `sdtm_declarations` holds the rest. Source: SDTMIG 3.4, ADaMIG 1.3.
"""
