// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/edit.h"

#include "gateway/admin/answers.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <memory>

namespace gateway::admin {

namespace {

constexpr int editTries = 5; ///< an edit of something else may come between reading and writing
constexpr int preconditionRequired = 428;

/// By the entry's own fields: "plan" in place of "routes[2].plan".
std::vector<api::FieldError> ownProblems(std::vector<api::FieldError> problems, std::string_view place)
{
    for (api::FieldError &problem : problems) {
        if (problem.field.starts_with(place))
            problem.field.erase(0, place.size());
        else if (place == problem.field + '.')
            problem.field.clear(); // the whole of it
    }
    return problems;
}

void tryEdit(const Ask &ask, const std::shared_ptr<const Edit> &edit, const Done &done, int tries);

/// @param base  the revision that the edit is made from; where another came since, it is refused
void apply(const Ask &ask, const std::shared_ptr<const Edit> &edit, const Done &done, int tries, std::uint64_t base)
{
    config::Config next = *ask.gateway.config();
    auto place = edit->change(next);
    if (!place)
        return done(std::move(place.error()));
    ask.gateway.apply(std::move(next), base, ask.note(edit->note), ask.context, [ask, edit, done, tries, base, place = std::move(*place)](const api::ApplyOutcome &outcome) {
        if (outcome.applied)
            return edit->show(ask.gateway, ask.context, done);
        if (outcome.revision != base && tries > 1)
            return tryEdit(ask, edit, done, tries - 1);
        done(refusal(ownProblems(outcome.problems, place)));
    });
}

void tryEdit(const Ask &ask, const std::shared_ptr<const Edit> &edit, const Done &done, int tries)
{
    const std::uint64_t base = ask.gateway.revision().number; // before all else: what is looked at must not be older than that
    if (edit->onlyAt != anyRevision && edit->onlyAt != base)
        return done(stale(edit->onlyAt, base));
    if (!edit->held || edit->held->since == anyRevision)
        return apply(ask, edit, done, tries, base);
    ask.gateway.heldSince(edit->held->kind, {edit->held->id}, ask.context, [ask, edit, done, tries, base](const Result<std::vector<std::uint64_t>> &since) {
        if (!since)
            return done(refusal(since.error()));
        if (since->front() != edit->held->since)
            return done(stale(edit->held->since, since->front()));
        apply(ask, edit, done, tries, base);
    });
}

} // namespace

void makeEdit(Ask ask, Edit edit, Done done)
{
    ask.body.clear(); // it was read; the rest goes along
    tryEdit(ask, std::make_shared<const Edit>(std::move(edit)), done, editTries);
}

std::expected<std::uint64_t, pipeline::AdminReply> revisionRead(const Ask &ask)
{
    if (trimmed(ask.ifMatch).empty())
        return std::unexpected(refusal({.code = ErrorCode::BadRequest, .message = "Say with If-Match which revision you read, so that nobody else's edit is lost. GET gives it as ETag and in revision.", .where = "If-Match"},
                                       preconditionRequired));
    const auto revision = readIfMatch(ask.ifMatch);
    if (!revision)
        return std::unexpected(refusal(revision.error()));
    return *revision;
}

std::string etagLine(std::uint64_t revision)
{
    return fmt::format("etag: \"{}\"\r\n", revision);
}

} // namespace gateway::admin
