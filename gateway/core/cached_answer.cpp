// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cached_answer.h"

#include <cstring>

namespace gateway {

std::size_t AnswerKeyHash::operator()(const AnswerKey &key) const
{
    std::size_t hash = 0; // a digest is evenly spread already
    std::memcpy(&hash, key.data() + 1, sizeof hash);
    return hash;
}

std::size_t bytesOf(const CachedAnswer &answer)
{
    constexpr std::size_t overhead = 256; // of nodes and allocations around it, roughly
    const std::size_t question = answer.question ? answer.question->text.size() + answer.question->embedder.size() + answer.question->vector.size() * sizeof(float) : 0;
    return sizeof(CachedAnswer) + overhead + question + answer.body.size() + answer.contentType.size() + answer.nameSpace.size() + answer.team.size() + answer.route.size()
        + answer.provider.size() + answer.model.size() + answer.callId.size();
}

bool AnswerFilter::matches(const AnswerKey &itsKey, const CachedAnswer &answer) const
{
    const auto fits = [](const auto &wanted, const auto &there) { return !wanted || *wanted == there; };
    return fits(key, itsKey) && fits(nameSpace, answer.nameSpace) && fits(team, answer.team) && fits(route, answer.route) && fits(provider, answer.provider)
        && fits(model, answer.model) && (!storedBefore || answer.storedAt < *storedBefore);
}

} // namespace gateway
