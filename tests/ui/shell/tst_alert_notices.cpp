// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_tools.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_alerts.h"
#include "ui/panes/pane.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QAbstractButton>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace gateway;
using tests::FakeGateway;

namespace {

class PlainPane final : public ui::panes::Pane
{
public:
    using Pane::Pane;
    QString title() const override { return u"Calls"_s; }
};

} // namespace

class tst_AlertNotices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Where there is no tray, as here, the window says it itself.
    void theWindowTellsWhatAlertsSay()
    {
        ui::widgets::Theme theme;
        FakeGateway gateway(FakeGateway::Scene::Full);
        ui::shell::MainWindow window({.gateway = &gateway, .theme = &theme, .settings = nullptr, .now = FakeGateway::sceneTime, .retryListen = {}},
                                       {{u"calls"_s, "Calls", ui::widgets::Icon::Calls, ui::panes::PaneRow::Group::Watch, [](const ui::panes::PaneContext &context) { return new PlainPane(context); }}});
        window.show();
        auto *toast = window.findChild<ui::widgets::Toast *>();
        QVERIFY(toast && !toast->isVisible());
        Q_EMIT gateway.alerts().noticed({.alert = "alt_1", .name = "errors", .subject = "chat", .severity = "critical", .word = AlertWord::Fired, .title = "errors: error_rate of route chat is 12 % (above 5 %)", .text = "Since 14:02."});
        QVERIFY(toast->isVisible());
        QCOMPARE(toast->accessibleName(), u"errors: error_rate of route chat is 12 % (above 5 %)"_s);
    }

    /// Nor does the badge need one: what fires without anybody seeing to it.
    void theModeCountsWhatFires()
    {
        ui::widgets::Theme theme;
        FakeGateway gateway(FakeGateway::Scene::Full);
        ui::shell::MainWindow window({.gateway = &gateway, .theme = &theme, .settings = nullptr, .now = FakeGateway::sceneTime, .retryListen = {}},
                                       {{u"alerts"_s, "Alerts", ui::widgets::Icon::Calls, ui::panes::PaneRow::Group::Watch, [](const ui::panes::PaneContext &context) { return new PlainPane(context); }}});
        window.show();
        const auto *mode = window.findChild<QAbstractButton *>(u"mode.alerts"_s);
        QVERIFY(mode);
        QCOMPARE(mode->accessibleDescription(), u"1 firing"_s); // of two that fire one is acknowledged
        AlertBoard board = tests::sceneBoard();
        board.states[2].state = AlertState::Firing;
        gateway.alerts().setBoard(board);
        QCOMPARE(mode->accessibleDescription(), u"2 firing"_s);
        board.states[2].mutedUntil = FakeGateway::sceneTime() + std::chrono::hours {1};
        board.states[0].acknowledgedBy = "window";
        gateway.alerts().setBoard(board);
        QCOMPARE(mode->accessibleDescription(), QString());
    }
};

QTEST_MAIN(tst_AlertNotices)
#include "tst_alert_notices.moc"
