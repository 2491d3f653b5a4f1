/* SPDX-License-Identifier: MIT */
/*
 * A file that creates tracepoints (CREATE_TRACE_POINTS) also describes here how an event is
 * put into a buffer, and printed from it. There is no such buffer: tracepoints call the
 * probes that are registered with them.
 */
