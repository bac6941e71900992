// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_marks.h"

#include <QTimer>

#include <utility>

namespace tests {

using gateway::CallMark;
using gateway::MarkChange;

CallMark FakeMarks::markOf(const std::string &callId) const
{
    const auto found = m_marks.find(callId);
    return found == m_marks.end() ? CallMark {} : found->second;
}

void FakeMarks::mark(std::vector<MarkChange> changes, QObject *context, gateway::api::Answer<std::vector<MarkChange>> done)
{
    ++m_asked;
    m_last = changes;
    QTimer::singleShot(0, context, [this, changes = std::move(changes), done = std::move(done)] {
        if (m_failure) {
            done(std::unexpected(*std::exchange(m_failure, std::nullopt)));
            return;
        }
        std::vector<MarkChange> before;
        for (const MarkChange &change : changes) {
            CallMark &mark = m_marks[change.callId];
            before.push_back({.callId = change.callId, .colour = mark.colour, .comment = mark.comment});
            mark = {.colour = change.colour.value_or(mark.colour), .comment = change.comment.value_or(mark.comment)};
        }
        Q_EMIT marked(changes);
        done(std::move(before));
    });
}

} // namespace tests
