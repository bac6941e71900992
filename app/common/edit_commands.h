// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"

#include <iosfwd>

/// Commands that change the configuration, or say how it came to be. Each returns an exit code.
namespace app {

/// `config apply FILE`: says what will change, asks at a terminal, applies.
int applyConfig(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// `import litellm FILE`, `import portkey FILE`: says what becomes of each key, then as `config apply`. With --dry-run the
/// configuration is printed, the words before it as comments, and nothing is changed.
int importFile(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// `config rollback N`: says what will change, asks at a terminal, goes back.
int rollBack(const Invocation &invocation, std::ostream &out, std::ostream &err);

/// `config versions`
int listVersions(const Invocation &invocation, std::ostream &out, std::ostream &err);

} // namespace app
