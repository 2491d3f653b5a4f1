/* SPDX-License-Identifier: MIT */
#include "self.h"

__thread struct thread_self thread_self __attribute__((tls_model("initial-exec"))) = { .cpu = -1 };
