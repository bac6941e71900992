// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/report_commands.h"

#include "app/common/asking.h"
#include "gateway/reports/report_json.h"

#include <QSaveFile>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace app {

namespace {

using gateway::Result;
using nlohmann::json;

constexpr std::string_view standardOutput = "-";

Result<std::string> written(const json &answer, const std::string &format, const PdfDrawer &pdf)
{
    if (format == "html")
        return app::textOf(answer, "html");
    if (format == "json")
        return answer.value("report", json()).dump(2) + '\n';
    const auto sheet = gateway::reports::sheetFrom(answer.value("sheet", json()));
    if (!sheet)
        return std::unexpected(sheet.error());
    return pdf(*sheet);
}

int write(const std::string &name, const std::string &text, std::ostream &out, std::ostream &err)
{
    if (name == standardOutput) {
        out << text << std::flush;
        return out ? exits::fine : exits::failed;
    }
    QSaveFile file(QString::fromStdString(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0 || !file.commit()) {
        err << fmt::format("{}: cannot be written: {}.\n", name, file.errorString().toStdString());
        return exits::failed;
    }
    err << fmt::format("Written to {}.\n", name);
    return exits::fine;
}

} // namespace

int makeReport(const Invocation &invocation, const PdfDrawer &pdf, std::ostream &out, std::ostream &err)
{
    const bool drawn = invocation.format == "pdf";
    if (drawn && !pdf) {
        err << "signalboxd draws no PDF. Run the same with `signalbox`, or take --format html and print it in a browser.\n";
        return exits::usage;
    }
    const json request {{"do", "report"}, {"team", invocation.keyTeam}, {"week", invocation.week}, {"month", invocation.month}, {"from", invocation.from}, {"to", invocation.to}, {"time_zone", invocation.timeZone}, {"format", drawn ? "sheet" : invocation.format}};
    const auto answer = goodAnswer(ask(invocation, request, [](const json &) {}), err); // with somebody to tell, Ctrl+C ends it
    if (!answer)
        return exits::failed;
    const auto text = written(*answer, invocation.format, pdf);
    if (!text) {
        err << text.error().message << '\n';
        return exits::failed;
    }
    std::string name = invocation.out.empty() ? std::string(standardOutput) : invocation.out;
    if (drawn && invocation.out.empty())
        name = app::textOf(*answer, "file_name") + ".pdf";
    return write(name, *text, out, err);
}

} // namespace app
