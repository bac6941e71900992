// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/call_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/calls/compare_dialog.h"
#include "ui/panes/calls/replay_dialog.h"
#include "ui/shell/main_window.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace tests {
namespace {

using ui::calls::CompareDialog;
using ui::calls::ReplayDialog;

void close(QDialog *dialog)
{
    dialog->hide(); // takes its shade off the window
    delete dialog;
}

void click(QWidget &parent, const QString &name)
{
    if (auto *button = parent.findChild<QPushButton *>(u"calls."_s + name))
        button->click();
}

} // namespace

void shootCallActions(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *pane = qobject_cast<ui::calls::CallsPane *>(window.pane(u"calls"_s));
    if (!pane)
        return;
    const auto save = [&](QWidget &what, const QString &name) {
        live(250);
        what.grab().save(folder.filePath(u"calls-%1-%2.png"_s.arg(name, suffix)));
    };
    auto *table = pane->table();
    auto *model = static_cast<ui::calls::CallListModel *>(table->model());
    live(300);
    std::vector<gateway::MarkChange> marks;
    for (int row = 0; row < 7; ++row)
        marks.push_back({.callId = model->idAt(row + 1).toStdString(), .colour = row % 7});
    marks[2].comment = "Answers in German though asked in English";
    marks[0].comment = "Slow since the update";
    gateway.marks().mark(marks, pane, [](const auto &) {});
    const QStringList columns = table->shownColumns();
    table->setColumnShown(ui::calls::Column::Comment, true);
    table->showRow(3);
    Q_EMIT table->inspectWanted(3);
    save(window, u"marks"_s);
    Q_EMIT table->inspectWanted(0);
    live(250);
    window.view()->setFilterText(u"text:\"tomorrow noon\" OR text:order* OR text:shop"_s);
    save(window, u"text-marks"_s);
    window.view()->setFilterText({});
    live(300);
    table->selectionModel()->select(model->index(5, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    save(window, u"selected"_s);
    table->setShownColumns(columns);

    gateway::CallRecord other = gateway.madeCall(12);
    other.id = "call_01COMPARED";
    other.startedAt = FakeGateway::sceneTime() - std::chrono::milliseconds(300);
    other.route = other.askedModel = "smart";
    other.model = "claude-sonnet-4";
    other.provider = "claude";
    other.latencyUs = other.latencyUs * 13 / 10;
    other.usage.output += 34;
    const auto replaced = [](std::string &text, const char *from, const char *to) {
        if (const auto at = text.find(from); at != std::string::npos)
            text.replace(at, std::string_view(from).size(), to);
    };
    replaced(other.bodies.request, "You answer for the shop", "You answer kindly for the whole shop");
    replaced(other.bodies.answer, "the", "this one");
    gateway.addCall(other);
    live(300);
    const QString original = QString::fromStdString(gateway.madeCall(12).id);
    auto *compare = new CompareDialog({&gateway, window.view()}, original, u"call_01COMPARED"_s, pane);
    compare->open();
    save(*compare, u"compare"_s);
    compare->setTab(CompareDialog::Request);
    save(*compare, u"compare-request"_s);
    compare->setTab(CompareDialog::Answer);
    save(*compare, u"compare-answer"_s);
    close(compare);

    ReplayDialog *replay = nullptr;
    gateway.call(original.toStdString(), pane, [&](const gateway::Result<gateway::CallDetail> &detail) {
        gateway::CallDetail shown = *detail;
        shown.record.findings.push_back({.rule = "email", .action = "tokenize", .asked = 1});
        replay = new ReplayDialog({&gateway, window.view()}, shown, pane);
    });
    live(100);
    if (!replay)
        return;
    replay->open();
    save(*replay, u"replay"_s);
    click(*replay, u"replay.send"_s);
    live(600);
    save(*replay, u"replayed"_s);
    close(replay);
    Q_EMIT pane->table()->closeWanted();
}

} // namespace tests
