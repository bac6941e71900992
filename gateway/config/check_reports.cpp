// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/report_text.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::config {

namespace {

constexpr std::size_t mostAddresses = 20;
constexpr std::size_t longestFolder = 1'000;

/// Absolute and without steps back: where a report goes is to be seen from its text.
void checkFolder(Checks &checks, const std::string &field, const std::string &folder)
{
    if (folder.empty())
        return;
    const bool stepsBack = fmt::format("{}/", folder).find("/../") != std::string::npos;
    const bool hasControls = std::ranges::any_of(folder, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (folder.front() != '/' || stepsBack || hasControls || folder.size() > longestFolder)
        checks.error(field, fmt::format("{} is no folder that begins with \"/\", such as /srv/reports, without \"..\"; left out it is `reports` in the data folder", jsonQuoted(truncatedUtf8(folder, 100))));
}

void checkEmail(Checks &checks, const std::string &field, const std::vector<std::string> &email)
{
    if (email.size() > mostAddresses)
        checks.error(field, fmt::format("a report goes to at most {}", mostAddresses));
    for (std::size_t i = 0; i < email.size(); ++i) {
        if (!isMailAddress(email[i]))
            checks.error(fmt::format("{}[{}]", field, i), fmt::format("{} is no e-mail address, such as team@example.org", jsonQuoted(truncatedUtf8(email[i], 100))));
        const auto before = email.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(email.begin(), before, email[i]) != before)
            checks.error(fmt::format("{}[{}]", field, i), "the same is there twice");
    }
}

} // namespace

void checkReports(Checks &checks, const std::vector<Report> &reports)
{
    Uniques names;
    if (reports.size() > mostReports)
        checks.error("reports", fmt::format("there are at most {} reports", mostReports));
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const Report &report = reports[i];
        const std::string field = fmt::format("reports[{}]", i);
        checks.name(field + ".name", NameOf::Team, report.name);
        names.add(checks, field + ".name", "report", report.name);
        if (!report.timeZone.empty())
            checks.zone(field + ".time_zone", report.timeZone);
        checkFolder(checks, field + ".folder", report.folder);
        checkEmail(checks, field + ".email", report.email);
    }
}

} // namespace gateway::config
