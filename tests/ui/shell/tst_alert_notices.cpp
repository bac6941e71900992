// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_tools.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace gateway;
using tests::FakeGateway;

namespace {

/// Has nothing to answer; what it notices the test says.
class FakeAlerts final : public api::AlertTools
{
public:
    using AlertTools::AlertTools;
    std::shared_ptr<const AlertBoard> board() const override { return std::make_shared<const AlertBoard>(); }
    void firings(AlertListQuery, QObject *, api::Answer<std::vector<AlertFiring>>) override {}
    void deliveries(AlertListQuery, QObject *, api::Answer<std::vector<AlertDelivery>>) override {}
    void preview(config::Alert, TimeRange, QObject *, api::Answer<AlertPreview>) override {}
    void test(std::string, QObject *, api::Answer<std::vector<AlertDelivery>>) override {}
    void mute(std::string, std::optional<std::string>, std::optional<WallTime>, api::EditNote, QObject *, api::Answer<bool>) override {}
    void acknowledge(std::string, std::optional<std::string>, api::EditNote, QObject *, api::Answer<int>) override {}
};

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
        auto *alerts = new FakeAlerts(&gateway);
        ui::shell::MainWindow window({.gateway = &gateway, .theme = &theme, .settings = nullptr, .now = FakeGateway::sceneTime, .retryListen = {}},
                                       {{u"calls"_s, "Calls", ui::widgets::Icon::Calls, ui::panes::PaneRow::Group::Watch, [](const ui::panes::PaneContext &context) { return new PlainPane(context); }}});
        window.show();
        auto *toast = window.findChild<ui::widgets::Toast *>();
        QVERIFY(toast && !toast->isVisible());
        Q_EMIT alerts->noticed({.alert = "alt_1", .name = "errors", .subject = "chat", .severity = "critical", .word = AlertWord::Fired, .title = "errors: error_rate of route chat is 12 % (above 5 %)", .text = "Since 14:02."});
        QVERIFY(toast->isVisible());
        QCOMPARE(toast->accessibleName(), u"errors: error_rate of route chat is 12 % (above 5 %)"_s);
    }
};

QTEST_MAIN(tst_AlertNotices)
#include "tst_alert_notices.moc"
