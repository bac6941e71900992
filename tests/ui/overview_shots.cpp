// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/overview_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/fake_sql.h"
#include "ui/panes/costs/sql_samples.h"
#include "ui/panes/overview/overview_pane.h"
#include "ui/panes/pane_table.h"
#include "ui/panes/pinned_queries.h"
#include "ui/shell/main_window.h"
#include "ui/shell/range_dialog.h"
#include "ui/widgets/button.h"
#include "ui/widgets/charts/chart_card.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace tests {
namespace {

void brush(ui::widgets::ChartCard *card)
{
    const QRect plot = card->chart()->plotArea();
    QWidget *target = card->chart()->childAt(plot.center());
    const auto send = [&](QEvent::Type type, int x) {
        const QPointF at(x, plot.center().y());
        QMouseEvent event(type, at, target->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(target, &event);
    };
    send(QEvent::MouseButtonPress, plot.left() + plot.width() / 3);
    send(QEvent::MouseMove, plot.left() + plot.width() / 2);
    send(QEvent::MouseButtonRelease, plot.left() + plot.width() / 2);
}

void openMenu(ui::shell::MainWindow &window, const QString &button, const QString &file, const std::function<void(int)> &live)
{
    auto *opener = window.findChild<ui::widgets::Button *>(button);
    if (!opener)
        return;
    opener->click();
    live(60);
    for (QMenu *menu : window.findChildren<QMenu *>())
        if (menu->isVisible()) {
            menu->grab().save(file);
            menu->close();
        }
}

} // namespace

void shootOverview(const QDir &folder, ui::widgets::Theme &theme, const QSize &size, const QString &suffix, const std::function<void(int)> &live)
{
    QTemporaryDir place;
    QSettings settings(place.filePath(u"window.ini"_s), QSettings::IniFormat);
    ui::panes::PinnedQueries pins(&settings);
    pins.add(u"Cost by day and team"_s, ui::costs::sqlSamples().first().text, true);
    pins.add(u"Dearest calls"_s, u"SELECT id, team, model, cost FROM calls ORDER BY cost DESC LIMIT 40"_s, false);
    pins.add(u"By region"_s, u"SELECT region,, count(*) FROM calls"_s, false);
    FakeGateway gateway(FakeGateway::Scene::Full);
    gateway.setConfig(cachingConfig());
    gateway.sql().setAnswer([](const gateway::SqlQuestion &question) -> gateway::SqlOutcome {
        if (question.text.find("region") != std::string::npos)
            return std::unexpected(gateway::SqlProblem {.code = gateway::ErrorCode::BadRequest, .message = "near \",\": syntax error", .from = 13, .to = 14});
        QList<QStringList> rows;
        if (question.text.find("ORDER BY cost") == std::string::npos) {
            for (int day = 1; day <= 17; ++day)
                for (const auto &[team, usd] : {std::pair(u"search"_s, 56.2), std::pair(u"support"_s, 43.1), std::pair(u"growth"_s, 25.7)})
                    rows.append({u"2026-11-%1"_s.arg(day, 2, 10, QChar(u'0')), team, QString::number(usd * (0.8 + 0.05 * (day * 7 % 5)), 'f', 4)});
            return FakeSql::answerOf(question, {u"day"_s, u"team"_s, u"usd"_s}, rows);
        }
        for (int i = 0; i < 40; ++i)
            rows.append({u"call_01KA8M3V%1QFXZ4T7RNHB2CJ0"_s.arg(i * 7 % 1000, 3, 10, QChar(u'0')), i % 3 == 0 ? u"search"_s : u"support"_s, i % 4 == 1 ? u"claude-sonnet-4"_s : u"gpt-4o"_s, QString::number(0.0921 - i * 0.0008, 'f', 6)});
        return FakeSql::answerOf(question, {u"id"_s, u"team"_s, u"model"_s, u"cost"_s}, rows);
    });
    ui::shell::MainWindow::Parts parts;
    parts.gateway = &gateway;
    parts.theme = &theme;
    parts.settings = &settings;
    parts.now = FakeGateway::sceneTime;
    ui::shell::MainWindow window(parts, ui::panes::panes());
    window.resize(size);
    window.show();
    window.openPane(u"overview"_s);
    live(900);
    auto *pane = qobject_cast<ui::overview::OverviewPane *>(window.pane(u"overview"_s));
    const auto name = [&](const QString &what, const QString &end = u"png"_s) { return folder.filePath(u"overview-%1-%2.%3"_s.arg(what, suffix, end)); };
    const auto write = [](const QString &path, const QByteArray &bytes) {
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
    };
    write(name(u"page"_s), pane->png());
    write(name(u"page"_s, u"svg"_s), pane->svg());
    auto *latency = window.findChild<ui::widgets::ChartCard *>(u"overview.latencyChart"_s);
    write(name(u"chart"_s), latency->png());
    write(name(u"chart"_s, u"svg"_s), latency->svg());
    openMenu(window, u"overview.cards"_s, name(u"cards"_s), live);
    openMenu(window, u"overview.export"_s, name(u"export"_s), live);
    openMenu(window, u"shell.range"_s, name(u"ranges"_s), live);
    brush(latency);
    live(400);
    auto *scroll = window.findChild<QScrollArea *>(u"overview.scroll"_s);
    scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum() / 2);
    live(150);
    window.grab().save(name(u"zoomed"_s));
    ui::shell::RangeDialog dialog({FakeGateway::sceneTime() - std::chrono::hours {30}, FakeGateway::sceneTime()}, &window);
    dialog.open();
    live(150);
    window.grab().save(name(u"custom"_s));
    dialog.close();
    window.view()->setRange({365 * 86400, {}, {}});
    scroll->verticalScrollBar()->setValue(0);
    live(400);
    window.grab().save(name(u"year"_s));
    window.view()->setRange({});
    window.resize(1024, size.height());
    live(400);
    window.grab().save(name(u"narrow"_s));
}

} // namespace tests
