// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_marks.h"

#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_log_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace gateway::api {

namespace {

std::optional<Error> wrongChange(const MarkChange &change)
{
    const auto wrong = [](const char *field, std::string words) { return Error {.code = ErrorCode::BadRequest, .message = std::move(words), .where = field}; };
    if (change.colour && (*change.colour < 0 || *change.colour > static_cast<int>(markColours.size())))
        return wrong("colour", fmt::format("{} is no colour: they are 1 to {}, and 0 for none.", *change.colour, markColours.size()));
    if (change.comment && change.comment->size() > longestMarkComment)
        return wrong("comment", fmt::format("A comment has at most {} bytes; this has {}.", longestMarkComment, change.comment->size()));
    return std::nullopt;
}

std::optional<Error> wrong(const std::vector<MarkChange> &changes)
{
    if (changes.empty() || changes.size() > MarkTools::mostAtOnce)
        return Error {.code = ErrorCode::BadRequest, .message = fmt::format("Mark 1 to {} calls at once; these are {}.", MarkTools::mostAtOnce, changes.size()), .where = "id"};
    for (const MarkChange &change : changes) {
        if (auto found = wrongChange(change))
            return found;
    }
    return std::nullopt;
}

} // namespace

void EmbeddedMarks::mark(std::vector<MarkChange> changes, QObject *context, Answer<std::vector<MarkChange>> done)
{
    const auto deliver = m_deliverer.to<Result<std::vector<MarkChange>>>(context, std::move(done));
    for (MarkChange &change : changes) {
        if (change.comment)
            change.comment = std::string(trimmed(toValidUtf8(*change.comment)));
    }
    if (auto found = wrong(changes))
        return deliver(std::unexpected(std::move(*found)));
    const auto tell = m_deliverer.to<std::vector<MarkChange>>(this, [this](const std::vector<MarkChange> &changed) { Q_EMIT marked(changed); });
    m_writer.keepMarks(changes, [deliver, tell, changes](Result<std::vector<MarkChange>> before) {
        if (before)
            tell(changes);
        deliver(std::move(before));
    });
}

} // namespace gateway::api
