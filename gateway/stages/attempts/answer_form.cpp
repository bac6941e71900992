// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/answer_form.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/cache_marking.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::stages {

namespace {

/// Behind what the plan decided, in the place of what was there of an attempt before.
void tellCacheMarking(std::string &decisions, const std::string &note)
{
    if (const std::size_t before = decisions.rfind(cacheMarkingNote); before != std::string::npos)
        decisions.resize(before > 2 ? before - 2 : 0);
    if (!note.empty())
        decisions.append(decisions.empty() ? "" : "; ").append(note);
}

} // namespace

void tell(pipeline::Exchange &x, Told told)
{
    if (x.route && x.route->promptCache.marks == config::CacheMarks::Auto)
        tellCacheMarking(x.record.decisions, told.cacheMarking);
    x.record.dropped = std::move(told.dropped);
    if (x.lostBefore == 0) {
        x.record.losses = std::move(told.losses);
    } else {
        x.record.losses.resize(x.lostBefore);
        std::ranges::move(told.losses, std::back_inserter(x.record.losses));
    }
    x.record.providerFormat = told.format;
    x.capture.sent(std::move(told.sent));
}

} // namespace gateway::stages
