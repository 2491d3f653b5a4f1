/* SPDX-License-Identifier: MIT */
#include "machine.h"

struct kalloc_machine *machine_directory[MACHINE_SLOTS];
struct kalloc_machine *machine_default_now;
