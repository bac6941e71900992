// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/engine.h"
#include "gateway/api/alert_tools.h"
#include "gateway/api/embedded_gateway.h"
#include "gateway/core/call_id.h"
#include "translations/translations.h"
#include "ui/bridge/config_draft.h"
#include "ui/panes/alerts/alerts_pane.h"
#include "ui/panes/alerts/preview_chart.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace gateway;
using namespace std::chrono_literals;
using ui::alerts::AlertsPane;

/// Alerts over the real gateway: what the pane says is what the engine does.
class tst_AlertsEmbedded : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void whatIsSavedIsUnsavedNoMore();
    void aSavedSecretIsUnsavedNoMore();
    void previewCountsAsTheEngineDoes();
    void oneErrorOfTwoCallsIsSilent();
    void whatIsWrongStandsAtItsField();
    void muteSurvivesARestart();

private:
    void open();
    void close();
    [[nodiscard]] config::Alert alert() const { return m_gateway->config()->alerts.front(); }
    [[nodiscard]] int engineFires(const config::Alert &alert) const;
    template <typename T = QWidget>
    T *part(const QString &name) const { return m_pane->findChild<T *>(u"alerts."_s + name); }
    [[nodiscard]] QString count() const { return part<ui::widgets::StateLabel>(u"previewCount"_s)->text(); }
    [[nodiscard]] QString state() const { return part<ui::widgets::TableView>(u"table"_s)->model()->index(0, 0).data().toString(); }
    void type(const QString &name, const QString &text) const
    {
        auto *field = part<QLineEdit>(name);
        field->setText(text);
        Q_EMIT field->textEdited(text);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    std::unique_ptr<ui::bridge::ViewContext> m_view;
    std::unique_ptr<AlertsPane> m_pane;
    std::vector<AlertCall> m_calls;
    WallTime m_now {};
    ui::widgets::Theme m_theme;
};

void tst_AlertsEmbedded::open()
{
    auto opened = api::EmbeddedGateway::open({.dataFolder = m_folder->path().toStdString(), .listen = "127.0.0.1:0", .workers = 1});
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    m_gateway = std::move(*opened);
    m_view = std::make_unique<ui::bridge::ViewContext>([this] { return m_now; });
}

void tst_AlertsEmbedded::close()
{
    m_pane.reset();
    m_view.reset();
    m_gateway.reset();
}

/// A day of calls: one in ten seconds, and three times for a while each second one fails.
void tst_AlertsEmbedded::initTestCase()
{
    ui::installTranslations(*qApp, QLocale::c());
    m_folder = std::make_unique<QTemporaryDir>();
    m_now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
    open();
    CallIdMaker ids(3);
    std::atomic<std::uint64_t> stored = 0;
    connect(m_gateway.get(), &api::Gateway::callsCommitted, this, [&] { stored = m_gateway->store().committed; });
    std::uint64_t pushed = 0;
    for (auto before = std::chrono::duration_cast<std::chrono::seconds>(20h); before > 10min; before -= 10s, ++pushed) {
        const bool bad = (before <= 15h && before > 14h + 40min) || (before <= 9h && before > 8h + 45min) || (before <= 3h && before > 2h + 50min);
        CallRecord record;
        record.startedAt = m_now - before - 1s;
        record.id = ids.next(record.startedAt);
        record.route = record.askedModel = "fast";
        record.provider = "right";
        record.model = "m";
        record.latencyUs = 1'000'000;
        record.status = bad && pushed % 2 == 0 ? CallStatus::Failed : CallStatus::Ok;
        record.httpStatus = record.status == CallStatus::Ok ? 200 : 500;
        m_calls.push_back({.endedAt = record.startedAt + 1s, .route = "fast", .provider = "right", .model = "m", .status = record.status, .httpStatus = record.httpStatus, .latencyUs = record.latencyUs});
        m_gateway->pushRecord(std::move(record));
    }
    QTRY_COMPARE_WITH_TIMEOUT(stored.load(), pushed, 60'000);
    m_pane = std::make_unique<AlertsPane>(ui::panes::PaneContext {.gateway = m_gateway.get(), .view = m_view.get()});
    m_pane->resize(1200, 800);
    m_pane->show();
    m_pane->setActive(true);
    part<QAbstractButton>(u"template.errors"_s)->click();
    auto *save = part<QAbstractButton>(u"save"_s);
    QTRY_VERIFY_WITH_TIMEOUT(save->isEnabled(), 20'000);
    save->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_gateway->config()->alerts.size(), 1U, 20'000);
}

void tst_AlertsEmbedded::cleanupTestCase()
{
    close();
    m_folder.reset();
}

void tst_AlertsEmbedded::whatIsSavedIsUnsavedNoMore()
{
    QTRY_VERIFY(!part<QAbstractButton>(u"save"_s)->isEnabled());
    QTRY_VERIFY2(state() != u"Not saved", qPrintable(state()));
    QVERIFY(!part<QAbstractButton>(u"revert"_s)->isEnabled());
    QVERIFY(!alert().id.empty());
}

void tst_AlertsEmbedded::aSavedSecretIsUnsavedNoMore()
{
    ui::bridge::ConfigDraft draft(*m_gateway);
    bool applied = false;
    const auto save = [&](const ui::bridge::ConfigDraft::Change &change) {
        applied = false;
        draft.edit(u"receivers"_s, change);
        draft.apply({}, [&](const api::ApplyOutcome &outcome) { applied = outcome.applied; });
    };
    save([](config::Config &config) { config.alerts.front().notify.push_back({config::NotifyKind::Slack, "https://hooks.slack.com/services/T0/B0/secret"}); });
    QTRY_VERIFY_WITH_TIMEOUT(applied, 20'000);
    QVERIFY(!draft.dirty());
    QVERIFY(config::isMaskedWebhook(draft.config().alerts.front().notify.back().to));
    save([](config::Config &config) { config.alerts.front().notify.pop_back(); });
    QTRY_VERIFY_WITH_TIMEOUT(applied, 20'000);
    QVERIFY(!draft.dirty());
}

/// The calls go through the engine as in the running gateway, at its moments.
int tst_AlertsEmbedded::engineFires(const config::Alert &alert) const
{
    alerts::AlertEngine engine;
    const WallTime from = m_now - 24h;
    static_cast<void>(engine.configure({alert}, "UTC", from));
    int fired = 0;
    auto call = m_calls.begin();
    for (WallTime at = from; at <= m_now; at += alerts::evaluatedEvery) {
        for (; call != m_calls.end() && call->endedAt < at; ++call)
            engine.add(*call);
        for (const alerts::AlertEvent &event : engine.evaluate(at, {}))
            fired += event.kind == alerts::AlertEvent::Kind::Fired;
    }
    return fired;
}

void tst_AlertsEmbedded::previewCountsAsTheEngineDoes()
{
    QTRY_COMPARE_WITH_TIMEOUT(count(), u"Would have fired 3 times"_s, 20'000);
    QCOMPARE(engineFires(alert()), 3);
    QCOMPARE(part<ui::alerts::PreviewChart>(u"chart"_s)->preview().firings.size(), 3U);
    type(u"form.for"_s, u"16 min"_s); // of the draft: with the window's own time, two lasted as long
    config::Alert longer = alert();
    longer.when.holds = 16min;
    QCOMPARE(engineFires(longer), 2);
    QTRY_COMPARE_WITH_TIMEOUT(count(), u"Would have fired 2 times"_s, 20'000);
    part<QAbstractButton>(u"revert"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(count(), u"Would have fired 3 times"_s, 20'000);
}

void tst_AlertsEmbedded::oneErrorOfTwoCallsIsSilent()
{
    type(u"form.window"_s, u"20 s"_s); // two calls, and of those one fails
    type(u"form.for"_s, u""_s);
    QTRY_COMPARE_WITH_TIMEOUT(count(), u"Would not have fired"_s, 20'000); // 20 calls at least
    type(u"form.minCalls"_s, u""_s);
    QTRY_VERIFY_WITH_TIMEOUT(count().startsWith(u"Would have fired"_s), 20'000);
    part<QAbstractButton>(u"revert"_s)->click();
}

void tst_AlertsEmbedded::whatIsWrongStandsAtItsField()
{
    type(u"form.clear"_s, u"90 %"_s);
    auto *words = part<ui::widgets::Label>(u"form.clear.problem"_s);
    QTRY_VERIFY_WITH_TIMEOUT(words->isVisible(), 20'000);
    QVERIFY2(words->text().startsWith(u"Must not be higher"_s), qPrintable(words->text()));
    QTRY_VERIFY_WITH_TIMEOUT(part(u"previewBanner"_s)->isVisible(), 20'000); // nor can it be tried
    QVERIFY(!part<QAbstractButton>(u"save"_s)->isEnabled());
    part<QAbstractButton>(u"revert"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!part(u"form.clear"_s)->property("invalid").toBool(), 20'000);
}

void tst_AlertsEmbedded::muteSurvivesARestart()
{
    QTRY_VERIFY_WITH_TIMEOUT(state() == u"Fine"_s || state() == u"Not looked at yet"_s, 20'000);
    part<QAbstractButton>(u"mute"_s)->click();
    auto *menu = part<QMenu>(u"muteMenu"_s);
    QVERIFY(menu);
    menu->findChild<QAction *>(u"alerts.mute.forGood"_s)->trigger();
    menu->close();
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Muted"_s, 30'000);
    close();
    open();
    m_pane = std::make_unique<AlertsPane>(ui::panes::PaneContext {.gateway = m_gateway.get(), .view = m_view.get()});
    m_pane->show();
    m_pane->setActive(true);
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Muted"_s, 30'000);
    QVERIFY(std::ranges::any_of(api::AlertTools::of(*m_gateway)->board()->mutes, [&](const AlertMute &mute) { return mute.alert == alert().id && mute.until == AlertMute::forGood; }));
}

QTEST_MAIN(tst_AlertsEmbedded)
#include "tst_alerts_embedded.moc"
