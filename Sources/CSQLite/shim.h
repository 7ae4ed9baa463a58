#ifndef ASSAY_CSQLITE_SHIM_H
#define ASSAY_CSQLITE_SHIM_H
#include <sqlite3.h>

/* sqlite3_db_config takes a variable list of arguments, which Swift cannot call. */

/* Makes a connection safe for a file that a stranger made: nothing that stands in its schema runs. */
static inline void assay_shim_sqlite_distrust(sqlite3 *_Nonnull connection) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 1 << 30);
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, 4096);
  sqlite3_limit(connection, SQLITE_LIMIT_COLUMN, 16);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
}

static inline int assay_shim_sqlite_stop(void *_Nullable context) {
  (void)context;
  return 1;
}

/* Ends every statement that takes more steps than this; 0 for no bound. Pages that refer to each other
   in a circle would keep a statement busy for ever. */
static inline void assay_shim_sqlite_bound(sqlite3 *_Nonnull connection, int steps) {
  sqlite3_progress_handler(connection, steps, assay_shim_sqlite_stop, (void *)0);
}

/* SQLITE_TRANSIENT is a cast that Swift cannot spell: SQLite makes a copy of the bytes. A null
   pointer, which Swift has for what is empty, would stand for no value. */
static inline int assay_shim_sqlite_bind_text(
    sqlite3_stmt *_Nonnull statement, int place, const char *_Nullable text, int length) {
  return sqlite3_bind_text(statement, place, text ? text : "", length, SQLITE_TRANSIENT);
}

static inline int assay_shim_sqlite_bind_blob(
    sqlite3_stmt *_Nonnull statement, int place, const void *_Nullable bytes, int length) {
  return sqlite3_bind_blob(statement, place, bytes ? bytes : "", length, SQLITE_TRANSIENT);
}
#endif
