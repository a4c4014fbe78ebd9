"""What stands in a bundle beside its CSV files, made of the same definitions: texts of codes, labels, a workbook."""
