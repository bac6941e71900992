// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Scheduled reports as they stand. Plain values: api makes them, storage keeps the runs, ui and the admin API show them.
namespace gateway {

/// What came of making a report of one week or month.
struct ReportRun
{
    std::int64_t number = 0;             ///< 0: not stored yet
    std::string report {}, name {};      ///< its id, and what it was called then
    std::string period {};               ///< "2026-W47"
    WallTime to {};                      ///< the end of that week or month
    WallTime at {};                      ///< of the last try
    bool byHand = false;
    int attempts = 0;                    ///< of what is under way: making it, then mailing it
    std::string file {};                 ///< absolute; empty: it is not made yet
    std::vector<std::string> unsent {};  ///< who is still to get an e-mail
    int sent = 0;                        ///< who has
    std::string problem {};              ///< what did not work, and what to do; empty: all did
    bool over = false;                   ///< nothing is tried any more
};

struct ReportState
{
    std::string report {};               ///< its id
    std::optional<ReportRun> last {};    ///< nullopt: it was never made
    std::optional<WallTime> next {};     ///< nullopt: it is off
    bool busy = false;                   ///< being made or mailed
};

struct ReportBoard
{
    std::vector<ReportState> states {};  ///< in the configuration's order
    std::string problem {};              ///< why nothing can be kept; empty: all is well
};

} // namespace gateway
