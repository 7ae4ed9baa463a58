#ifndef ASSAY_SYSTEM_H
#define ASSAY_SYSTEM_H
#endif
