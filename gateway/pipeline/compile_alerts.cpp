// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/names.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile_parts.h"

#include <algorithm>
#include <fmt/format.h>

/// What alerts and reports have to do with the rest of the configuration. No call meets them.
namespace gateway::pipeline {

namespace {

template <typename T>
std::vector<std::string_view> namesOf(const std::vector<T> &entries)
{
    std::vector<std::string_view> names;
    for (const T &entry : entries)
        names.push_back(entry.name);
    return names;
}

/// Of the scopes whose members the configuration names: an alert on a misspelt one would be silent for ever.
void checkSubject(const config::Config &config, const config::AlertWhen &when, const std::string &field, ProblemList &problems)
{
    std::vector<std::string_view> names;
    switch (when.scope) {
    case config::AlertScope::Team: names = namesOf(config.teams); break;
    case config::AlertScope::Key: names = namesOf(config.keys); break;
    case config::AlertScope::Route: names = namesOf(config.routes); break;
    case config::AlertScope::Provider: names = namesOf(config.providers); break;
    case config::AlertScope::Organisation:
    case config::AlertScope::Customer:
    case config::AlertScope::Model:
    case config::AlertScope::Tag: return;
    }
    if (!when.subject.empty() && std::ranges::find(names, when.subject) == names.end())
        problems.warn(field, fmt::format("there is no {} {}{}", toText(when.scope), jsonQuoted(when.subject), didYouMean(when.subject, names)));
}

} // namespace

void checkAlertNames(const config::Config &config, ProblemList &problems)
{
    for (std::size_t i = 0; i < config.alerts.size(); ++i) {
        const config::Alert &alert = config.alerts[i];
        checkSubject(config, alert.when, fmt::format("alerts[{}].when.subject", i), problems);
        if (config.smtp.host.empty() && std::ranges::any_of(alert.notify, [](const config::Notify &notify) { return notify.kind == config::NotifyKind::Email; }))
            problems.warn(fmt::format("alerts[{}].notify", i), "no e-mail goes out: name a mail server in `smtp`");
    }
}

void checkReportNames(const config::Config &config, ProblemList &problems)
{
    const std::vector<std::string_view> teams = namesOf(config.teams);
    for (std::size_t i = 0; i < config.reports.size(); ++i) {
        const config::Report &report = config.reports[i];
        if (!report.team.empty() && std::ranges::find(teams, report.team) == teams.end())
            problems.warn(fmt::format("reports[{}].team", i), fmt::format("there is no team {}{}", jsonQuoted(report.team), didYouMean(report.team, teams)));
        if (config.smtp.host.empty() && !report.email.empty())
            problems.warn(fmt::format("reports[{}].email", i), "no e-mail goes out: name a mail server in `smtp`");
    }
}

} // namespace gateway::pipeline
