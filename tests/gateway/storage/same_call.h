// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <string>

namespace tests {

/// What the first member is in which two records differ, of those that a log keeps; empty: none.
inline std::string difference(const gateway::CallRecord &a, const gateway::CallRecord &b)
{
    std::string differs;
    const auto same = [&differs](const char *what, const auto &left, const auto &right) {
        if (differs.empty() && !(left == right))
            differs = what;
    };
#define SIGNALBOX_SAME(member) same(#member, a.member, b.member)
    SIGNALBOX_SAME(id); SIGNALBOX_SAME(startedAt); SIGNALBOX_SAME(endpoint); SIGNALBOX_SAME(key); SIGNALBOX_SAME(keyId); SIGNALBOX_SAME(team); SIGNALBOX_SAME(customer); SIGNALBOX_SAME(session);
    SIGNALBOX_SAME(tags); SIGNALBOX_SAME(metadata); SIGNALBOX_SAME(askedModel); SIGNALBOX_SAME(route); SIGNALBOX_SAME(decisions); SIGNALBOX_SAME(provider); SIGNALBOX_SAME(model); SIGNALBOX_SAME(peer);
    SIGNALBOX_SAME(stream); SIGNALBOX_SAME(test); SIGNALBOX_SAME(shadow); SIGNALBOX_SAME(continued); SIGNALBOX_SAME(status); SIGNALBOX_SAME(httpStatus); SIGNALBOX_SAME(error); SIGNALBOX_SAME(errorMessage);
    SIGNALBOX_SAME(latencyUs); SIGNALBOX_SAME(firstByteUs); SIGNALBOX_SAME(usage); SIGNALBOX_SAME(cost); SIGNALBOX_SAME(dropped); SIGNALBOX_SAME(losses); SIGNALBOX_SAME(providerFormat);
    SIGNALBOX_SAME(shadowOf); SIGNALBOX_SAME(cache); SIGNALBOX_SAME(cachedFrom); SIGNALBOX_SAME(similarity); SIGNALBOX_SAME(saved); SIGNALBOX_SAME(savedUs); SIGNALBOX_SAME(prompt); SIGNALBOX_SAME(policy);
    SIGNALBOX_SAME(findings); SIGNALBOX_SAME(trace); SIGNALBOX_SAME(repeats); SIGNALBOX_SAME(attempts.size());
    SIGNALBOX_SAME(bodies.request); SIGNALBOX_SAME(bodies.answer); SIGNALBOX_SAME(bodies.sent); SIGNALBOX_SAME(bodies.received); SIGNALBOX_SAME(bodies.requestCut); SIGNALBOX_SAME(bodies.answerCut);
    SIGNALBOX_SAME(bodies.sentCut); SIGNALBOX_SAME(bodies.receivedCut); SIGNALBOX_SAME(bodies.dropped);
    for (std::size_t i = 0; differs.empty() && i < a.attempts.size(); ++i) {
        SIGNALBOX_SAME(attempts[i].provider); SIGNALBOX_SAME(attempts[i].credential); SIGNALBOX_SAME(attempts[i].model); SIGNALBOX_SAME(attempts[i].startedUs); SIGNALBOX_SAME(attempts[i].waitedUs);
        SIGNALBOX_SAME(attempts[i].firstByteUs); SIGNALBOX_SAME(attempts[i].endedUs); SIGNALBOX_SAME(attempts[i].httpStatus); SIGNALBOX_SAME(attempts[i].ok); SIGNALBOX_SAME(attempts[i].hedge);
        SIGNALBOX_SAME(attempts[i].skipped); SIGNALBOX_SAME(attempts[i].detail); SIGNALBOX_SAME(attempts[i].usage); SIGNALBOX_SAME(attempts[i].cost);
        if (!a.attempts[i].ok)
            SIGNALBOX_SAME(attempts[i].error);
    }
#undef SIGNALBOX_SAME
    return differs;
}

} // namespace tests
