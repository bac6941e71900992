// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/report_shots.h"

#include "gateway/reports/html.h"
#include "gateway/reports/sheet.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/costs/report_dialog.h"
#include "ui/panes/costs/schedule_form.h"
#include "ui/reports/sheet_pages.h"
#include "ui/shell/main_window.h"

#include <QAbstractButton>
#include <QFile>

using namespace Qt::StringLiterals;

namespace tests {
namespace {

void write(const QString &path, const std::string &bytes)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(bytes.data(), qint64(bytes.size()));
}

/// The same sheet as pages, as a PDF and as HTML.
void shootPages(const QDir &folder)
{
    const auto week = gateway::reportWeek("2026-W46", "Europe/Berlin");
    const auto month = gateway::reportMonth("2026-10", "Europe/Berlin");
    const auto all = gateway::reports::sheetOf(FakeReports::dataOf({.time = *week}, FakeGateway::sceneTime()));
    const auto team = gateway::reports::sheetOf(FakeReports::dataOf({.time = *month, .team = "search"}, FakeGateway::sceneTime()));
    const ui::reports::SheetPages pages(all), monthly(team);
    for (int page = 0; page < 2; ++page)
        pages.picture(page, 2).save(folder.filePath(u"report-page-%1.png"_s.arg(page + 1)));
    monthly.picture(0, 2).save(folder.filePath(u"report-month.png"_s));
    if (const auto pdf = pages.pdf())
        write(folder.filePath(u"report.pdf"_s), *pdf);
    write(folder.filePath(u"report.html"_s), gateway::reports::htmlOf(all));
}

gateway::ReportBoard boardOf(gateway::WallTime now)
{
    return {.states = {{.report = "report_1", .last = gateway::ReportRun {.report = "report_1", .period = "2026-W46", .at = now - std::chrono::hours(31), .file = "/srv/reports/signalbox-search-2026-W46.html", .sent = 2, .over = true}, .next = now + std::chrono::hours(136)},
                       {.report = "report_2", .last = gateway::ReportRun {.report = "report_2", .period = "2026-10", .at = now - std::chrono::hours(390), .file = "/srv/reports/signalbox-all-teams-2026-10.html", .problem = "cfo@example.org: mail.example.org refused the e-mail: 550 5.1.1 No such user", .over = true}, .next = now + std::chrono::hours(320)},
                       {.report = "report_3", .last = gateway::ReportRun {.report = "report_3", .period = "2026-W46", .at = now - std::chrono::hours(1), .problem = "The folder /mnt/reports cannot be made. Make it, or let Signalbox write there."}, .next = now + std::chrono::hours(136)}}};
}

} // namespace

void shootReports(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *button = window.findChild<QAbstractButton *>(u"costs.makeReport"_s);
    if (!button)
        return;
    shootPages(folder);
    button->click();
    auto *dialog = window.findChild<ui::costs::ReportDialog *>();
    if (!dialog)
        return;
    const auto save = [&](const QString &name, QWidget *what) {
        live(400);
        what->grab().save(folder.filePath(u"costs-%1-%2.png"_s.arg(name, suffix)));
    };
    save(u"report-window"_s, &window);
    save(u"report"_s, dialog);
    dialog->showPage(ui::costs::ReportDialog::Page::Scheduled);
    save(u"schedules-empty"_s, dialog);
    const auto before = gateway.config();
    gateway::config::Config config = *before;
    config.reports = {{.id = "report_1", .name = "search weekly", .team = "search", .email = {"a@example.org", "b@example.org"}}, {.id = "report_2", .name = "everybody", .per = gateway::config::ReportPeriod::Month, .at = 8 * 60, .email = {"cfo@example.org"}}, {.id = "report_3", .name = "support weekly", .team = "support", .folder = "/mnt/reports"}};
    gateway.setConfig(config);
    gateway.reports().setBoard(boardOf(FakeGateway::sceneTime()));
    save(u"schedules"_s, dialog);
    auto *form = new ui::costs::ScheduleForm(*gateway.config(), &config.reports[0], &window);
    form->open();
    save(u"schedule-form"_s, form);
    form->close();
    dialog->close();
    gateway.setConfig(*before);
    gateway.reports().setBoard({});
}

} // namespace tests
