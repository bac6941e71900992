// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/figures.h"
#include "gateway/storage/statement.h"

namespace gateway::storage::migrations {

/// A row of a roll-up as steps before 13 find and leave it: that one adds what the cache did, from the calls.
struct EarlierFigures : Figures
{
    static constexpr const char *columns = "calls, failed, refused, rescued, unpriced, cost, input, output, e_rate_limit, e_server, e_timeout, e_connect, e_cut, e_client, e_other, latency, ttft";
    static constexpr int columnCount = 17;

    void bindTo(Statement &statement) const { bindEarlierTo(statement); }
    static EarlierFigures from(const Statement &statement, int firstColumn) { return {earlierFrom(statement, firstColumn)}; }
};

} // namespace gateway::storage::migrations
