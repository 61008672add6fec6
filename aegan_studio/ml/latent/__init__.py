"""Operations on codes: paths between them, planes through them, and what they decode to."""
