// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/refusal.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::state {

namespace {

using What = QuotaRefusal::What;

/// "500 USD per month", "500 USD in all".
std::string amountWords(Money amount, Period per)
{
    return per == Period::Total ? fmt::format("{} USD in all", amount.toDecimal()) : fmt::format("{} USD per {}", amount.toDecimal(), toText(per));
}

std::string onlyFor(const QuotaRefusal &refusal)
{
    return refusal.endpoint.empty() ? std::string() : fmt::format(" for calls of {}", refusal.endpoint);
}

std::string budgetWords(const QuotaRefusal &refusal)
{
    const std::string whose = nameOf(refusal.kind, refusal.scope);
    if (refusal.what == What::UnknownPrice)
        return fmt::format("The budget of {}{} takes only calls whose price is known, and this model's is not. Give the model its prices in the provider's `models`.", whose, onlyFor(refusal));
    std::string words = fmt::format("The budget of {}{} has no room for this call: of {} {} are spent or reserved, and it may cost {}.", whose, onlyFor(refusal),
                                    amountWords(refusal.amount, refusal.per), refusal.used.toDecimal(), refusal.claim.toDecimal());
    words += refusal.resets ? fmt::format(" It begins anew on {}.", refusal.resetsText) : std::string(" It never begins anew.");
    return words;
}

std::string limitWords(const QuotaRefusal &refusal)
{
    const std::string whose = nameOf(refusal.kind, refusal.scope);
    std::string_view unit = "requests per minute";
    if (refusal.what == What::Tokens)
        unit = "tokens per minute";
    else if (refusal.what == What::TokensPerDay)
        unit = "tokens per day";
    else if (refusal.what == What::Parallel)
        return fmt::format("The limit of {}{} is reached: {} of {} calls at once are under way. Try again when one has ended.", whose, onlyFor(refusal), refusal.count, refusal.limit);
    if (!refusal.retryAfter)
        return fmt::format("This call alone has about {} tokens, which is more than the limit of {}{}: {} {}.", refusal.more, whose, onlyFor(refusal), refusal.limit, unit);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*refusal.retryAfter).count();
    return fmt::format("The limit of {}{} is reached: {} of {} {} are used. Try again in {} s.", whose, onlyFor(refusal), refusal.count, refusal.limit, unit, std::max<std::int64_t>(seconds, 1));
}

} // namespace

std::string nameOf(ScopeKind kind, std::string_view name)
{
    return name.empty() ? fmt::format("the {}", toText(kind)) : fmt::format("{} \"{}\"", toText(kind), name);
}

Error errorOf(const QuotaRefusal &refusal)
{
    if (refusal.isBudget())
        return {.code = ErrorCode::BudgetExceeded, .message = budgetWords(refusal)};
    return {.code = ErrorCode::RateLimitExceeded, .message = limitWords(refusal)};
}

std::string toText(const QuotaWarning &warning)
{
    const std::string whose = nameOf(warning.kind, warning.scope);
    if (warning.what == QuotaWarning::What::UnknownPrice)
        return fmt::format("budget of {}: the price of this model is not known, and does not count", whose);
    return fmt::format("budget of {}: {} of {} are used", whose, warning.used.toDecimal(), amountWords(warning.amount, warning.per));
}

} // namespace gateway::state
