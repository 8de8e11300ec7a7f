/*
  The highest line that the order ever had, so that no line is given twice. Null in the rows of version 0.1.0, where it is at least the
  highest line of the items. A nullable column without a default changes no row, so that no command waits for it.
*/
ALTER TABLE orders.Orders ADD LastLine int NULL;
