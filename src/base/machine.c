/* SPDX-License-Identifier: MIT */
#include "machine.h"

struct kalloc_machine *machine_directory[MACHINE_SLOTS];
__thread struct kalloc_machine *machine_entered __attribute__((tls_model("initial-exec")));
