// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <functional>
#include <string>

/// Copies of database files that are in use, for backups. Blocking; any thread. The copy is no database in use: no journal
/// stands beside it. On failure there is none.
namespace gateway::storage {

/// Told of how far a copy is; false ends it (Cancelled).
using CopyGo = std::function<bool(std::uint64_t done, std::uint64_t all)>;

/// All of it as it is at one moment, by SQLite's backup interface in steps of a megabyte. Writers go on meanwhile: all steps
/// read under one snapshot of the write-ahead log.
Result<> copyDatabase(const std::string &from, const std::string &to, const CopyGo &go);

/// The same of calls.db without the call log: spend and the sums that charts are made of.
Result<> copySpend(const std::string &from, const std::string &to);

/// Takes the vault's entries out of a copy of signalbox.db, so that no page has them any more.
Result<> leaveVaultOut(const std::string &path);

/// Takes headers that stand in plain text out of a copy of a former signalbox.db, likewise; nothing where there are none.
Result<> leaveHeadersOut(const std::string &path);

} // namespace gateway::storage
