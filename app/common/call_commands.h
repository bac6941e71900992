// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"

#include <iosfwd>

/// `calls export`, `calls import`, `calls prune`. Each returns an exit code.
namespace app {

/// Reads the log beside whoever writes it: nothing of the gateway waits for that. "-" is stdout.
int exportCalls(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// Says how many calls were taken, were there already or are too old, and what is wrong with which line. 1 where a line is wrong.
int importCalls(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// Says what would go, asks at a terminal (elsewhere --yes is needed), and removes it.
int pruneCalls(const Invocation &invocation, std::ostream &out, std::ostream &err);

} // namespace app
