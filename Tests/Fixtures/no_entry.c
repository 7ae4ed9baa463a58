/* A library that is no plugin. */
int fixture_answer(void) { return 42; }
