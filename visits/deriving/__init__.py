"""What the forms of this app compute. Pure: values in, values out."""
