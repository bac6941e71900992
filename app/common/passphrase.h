// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "gateway/core/error.h"

#include <ostream>
#include <string>

namespace app {

/// --passphrase-file, SIGNALBOX_BACKUP_PASSPHRASE, or what is typed at a terminal; empty: there is none of them.
/// @param question  for the terminal
/// @param twice     it is typed again: nobody would notice a slip before the backup is needed
gateway::Result<std::string> passphraseFor(const Invocation &invocation, std::ostream &err, const std::string &question, bool twice);

} // namespace app
