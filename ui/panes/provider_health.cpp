// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/provider_health.h"

namespace ui::panes {

namespace {

constexpr double warningBar = 0.01, failingBar = 0.1;

widgets::HealthBin::State stateOf(const gateway::api::StripBin &bin)
{
    using State = widgets::HealthBin::State;
    if (bin.attempts == 0)
        return State::Silent;
    const double share = static_cast<double>(bin.errors + bin.rateLimited) / static_cast<double>(bin.attempts);
    return share > failingBar ? State::Failing : share > warningBar ? State::Warning : State::Ok;
}

} // namespace

ErrorLevel errorLevel(const std::optional<double> &share)
{
    if (!share || *share < someErrors)
        return ErrorLevel::Few;
    return *share < manyErrors ? ErrorLevel::Some : ErrorLevel::Many;
}

widgets::Role errorRole(const std::optional<double> &share)
{
    switch (errorLevel(share)) {
    case ErrorLevel::Few: return widgets::Role::Text;
    case ErrorLevel::Some: return widgets::Role::Warn;
    case ErrorLevel::Many: return widgets::Role::Err;
    }
    return widgets::Role::Text;
}

std::optional<double> errorShare(const gateway::api::ProviderStrip &strip)
{
    if (strip.attempts == 0)
        return std::nullopt;
    return static_cast<double>(strip.errors) / static_cast<double>(strip.attempts);
}

QList<widgets::HealthBin> healthBins(const gateway::api::ProviderStrip &strip)
{
    QList<widgets::HealthBin> bins;
    bins.reserve(static_cast<qsizetype>(strip.bins.size()));
    for (const auto &bin : strip.bins)
        bins << widgets::HealthBin {stateOf(bin)};
    return bins;
}

} // namespace ui::panes
