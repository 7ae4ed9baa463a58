#ifndef ASSAY_CJSONC_SHIM_H
#define ASSAY_CJSONC_SHIM_H
#include <json.h>
#endif
