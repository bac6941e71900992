// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_row.h"

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/database.h"

#include <fmt/format.h>

namespace gateway::storage {

Result<std::optional<std::int64_t>> rowOfCall(Database &database, const std::string &callId)
{
    const QByteArray id = packId(callId);
    const bool timed = isTimed(id);
    auto ask = database.prepare(fmt::format("SELECT row FROM calls {} AND id = ? ORDER BY row DESC LIMIT 1",
                                            timed ? "INDEXED BY calls_started WHERE started_us >= ? AND started_us < ?" : "INDEXED BY calls_odd_id WHERE flags & 32 <> 0"));
    if (!ask)
        return std::unexpected(ask.error());
    if (timed) {
        const auto [from, to] = idTimes(id, id);
        ask->bind(from).bind(to);
    }
    if (auto run = ask->bindBlob(id).run(); !run)
        return std::unexpected(run.error());
    if (ask->next())
        return std::optional(ask->integer(0));
    if (auto failed = ask->failure(); !failed)
        return std::unexpected(failed.error());
    return std::optional<std::int64_t> {};
}

} // namespace gateway::storage
