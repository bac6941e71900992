// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/firstrun/first_setup.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/button.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secret_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QRadioButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using gateway::api::ProbeStep;
using tests::FakeGateway;
using ui::firstrun::addProvider;

namespace {

/// The window as it starts on a fresh machine, with a clock that tests turn, and a count of the clicks.
struct FirstStart
{
    explicit FirstStart(FakeGateway::Scene scene = FakeGateway::Scene::Empty, QSettings *settings = nullptr) : gateway(scene), window(parts(settings), ui::panes::panes())
    {
        window.show();
        if (window.currentPane() != u"firstrun"_s)
            window.openPane(u"firstrun"_s);
    }

    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        return window.findChild<T *>(u"firstrun."_s + name);
    }

    void click(const QString &name)
    {
        QTRY_VERIFY2(part<QAbstractButton>(name), qPrintable(name));
        auto *button = part<QAbstractButton>(name);
        QTRY_VERIFY2(button->isEnabled() && button->isVisible(), qPrintable(name));
        QTest::mouseClick(button, Qt::LeftButton);
        ++clicks;
    }

    QString state(const QString &name) const { return part<ui::widgets::StateLabel>(name)->text(); }
    QString text(const QString &name) const { return part<ui::widgets::Label>(name)->text(); }
    QString code() const { return part<ui::widgets::CodeView>(u"call.code"_s)->toPlainText(); }

    void typeKey(const QString &key)
    {
        auto *field = part<QLineEdit>(u"paste.key"_s);
        field->setFocus();
        QTest::keyClicks(field, key);
    }

    ui::shell::MainWindow::Parts parts(QSettings *settings)
    {
        ui::shell::MainWindow::Parts all;
        all.gateway = &gateway;
        all.settings = settings;
        all.now = [this] { return FakeGateway::sceneTime() + later; };
        return all;
    }

    FakeGateway gateway;
    std::chrono::seconds later {};
    ui::shell::MainWindow window;
    int clicks = 0;
};

std::vector<ProbeStep> rejected()
{
    using Kind = ProbeStep::Kind;
    using State = ProbeStep::State;
    return {{Kind::Dns, State::Ok, "api.openai.com is 127.0.0.1"}, {Kind::Connect, State::Ok, "connected"}, {Kind::Tls, State::Ok, "TLS 1.3"},
        {Kind::Key, State::Failed, "Key rejected", "HTTP 401 invalid_api_key."}, {Kind::Model, State::NotTried, "Not tried: Key rejected"}};
}

gateway::CallRecord callNow(const FirstStart &start)
{
    gateway::CallRecord record = start.gateway.madeCall(0);
    record.id = "call_01JD3K8V2QFIRST000000000";
    record.startedAt = FakeGateway::sceneTime() + start.later;
    record.status = gateway::CallStatus::Ok;
    record.error.reset();
    record.route = record.askedModel = "llama3.2:3b";
    return record;
}

gateway::config::Provider provider(const std::string &name)
{
    gateway::config::Provider made;
    made.name = name;
    made.kind = "ollama";
    return made;
}

const gateway::config::Route *routeOf(const gateway::config::Config &config, const std::string &name)
{
    const auto found = std::ranges::find(config.routes, name, &gateway::config::Route::name);
    return found == config.routes.end() ? nullptr : &*found;
}

} // namespace

class tst_FirstRun : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void freshMachineStartsHereWithoutTheChrome()
    {
        FakeGateway gateway(FakeGateway::Scene::Empty);
        ui::shell::MainWindow::Parts parts;
        parts.gateway = &gateway;
        ui::shell::MainWindow window(parts, ui::panes::panes());
        window.show();
        QCOMPARE(window.currentPane(), u"firstrun"_s);
        QVERIFY(!window.findChild<QWidget *>(u"shell.status"_s)->isVisible());
        QTest::mouseClick(window.findChild<QWidget *>(u"firstrun.skip"_s), Qt::LeftButton);
        QCOMPARE(window.currentPane(), u"overview"_s);
        QVERIFY(window.findChild<QWidget *>(u"shell.status"_s)->isVisible());
    }

    void skippedStartOpensTheLastPaneNextTime()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"window.ini"_s), QSettings::IniFormat);
        {
            FirstStart start(FakeGateway::Scene::Empty, &settings);
            start.click(u"skip"_s);
            start.window.close();
        }
        FakeGateway gateway(FakeGateway::Scene::Empty);
        ui::shell::MainWindow::Parts parts;
        parts.gateway = &gateway;
        parts.settings = &settings;
        ui::shell::MainWindow window(parts, ui::panes::panes());
        QCOMPARE(window.currentPane(), u"overview"_s);
        window.openPane(u"firstrun"_s); // and the page is there again for who wants it
        QCOMPARE(window.currentPane(), u"firstrun"_s);
    }

    void foundOllamaIsFourClicksFromACall()
    {
        FirstStart start;
        QTRY_VERIFY(start.part<QRadioButton>(u"ollama.radio"_s));
        QVERIFY(start.part<QRadioButton>(u"ollama.radio"_s)->isChecked());
        QCOMPARE(start.part<QComboBox>(u"ollama.model"_s)->currentText(), u"llama3.2:3b"_s);
        QCOMPARE(start.state(u"others"_s), u"vLLM on :8000 and LM Studio on :1234 do not answer"_s);
        start.click(u"ollama.use"_s);
        QTRY_COMPARE(start.state(u"ollama.result"_s), u"Answered a real test call in 486 ms"_s);
        start.click(u"key.create"_s);
        QTRY_VERIFY(!start.part<ui::widgets::SecretField>(u"key.secret"_s)->empty());
        const QString secret = start.part<ui::widgets::SecretField>(u"key.secret"_s)->secret();
        QVERIFY(start.code().contains(secret) && start.code().contains(u"llama3.2:3b"_s) && start.code().contains(u"http://127.0.0.1:8787/v1"_s));
        QTest::mouseClick(start.part(u"call.copy"_s)->findChild<QAbstractButton *>(), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), start.code());
        start.click(u"call.send"_s);
        QTRY_VERIFY(start.state(u"call.result"_s).contains(u"Hello! How can I help"_s));
        QTRY_VERIFY(start.part<QAbstractButton>(u"open"_s)->isEnabled());
        QVERIFY(start.clicks <= 4);
        QCOMPARE(start.text(u"waiting.title"_s), u"The test call arrived and was answered"_s);
    }

    void addedProviderHasItsRoutesInTheSameApply()
    {
        FirstStart start;
        start.click(u"ollama.use"_s);
        QTRY_COMPARE(start.gateway.applied().size(), 1U);
        const auto &config = start.gateway.applied().front();
        QCOMPARE(config.providers.size(), 1U);
        QCOMPARE(config.providers.front().kind, std::string("ollama"));
        for (const char *name : {"llama3.2:3b", "ollama/*"}) {
            const auto *route = routeOf(config, name);
            QVERIFY2(route, name);
            const auto &target = std::get<gateway::config::TargetNode>(route->plan.node);
            QCOMPARE(target.provider, std::string("ollama"));
            QCOMPARE(target.model, std::string(name == std::string("ollama/*") ? "*" : name));
        }
    }

    void routeOfThatNameGetsAFurtherRow()
    {
        gateway::config::Config config;
        QCOMPARE(addProvider(config, provider("here"), "llama3"), std::string("llama3"));
        QCOMPARE(addProvider(config, provider("there"), "llama3"), std::string("llama3"));
        QCOMPARE(addProvider(config, provider("there"), "llama3"), std::string("llama3")); // again changes nothing
        const auto &chain = std::get<gateway::config::FallbackNode>(routeOf(config, "llama3")->plan.node).children;
        QCOMPARE(chain.size(), 2U);
        QCOMPARE(std::get<gateway::config::TargetNode>(chain.at(0).node).provider, std::string("here"));
        QCOMPARE(std::get<gateway::config::TargetNode>(chain.at(1).node).provider, std::string("there"));
        QCOMPARE(config.routes.size(), 3U);
    }

    void routeOfTheFileIsLeftAlone()
    {
        gateway::config::Config config;
        addProvider(config, provider("here"), "llama3");
        for (auto &route : config.routes)
            route.origin = gateway::config::Origin::File;
        const auto before = *routeOf(config, "llama3");
        QCOMPARE(addProvider(config, provider("there"), "llama3"), std::string("there/llama3"));
        QVERIFY(*routeOf(config, "llama3") == before);
    }

    void keysAreGuessedByTheirLongestPrefix_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("kind");
        QTest::newRow("openai") << u"sk-proj-abc"_s << u"openai"_s;
        QTest::newRow("openrouter begins alike") << u"sk-or-v1-abc"_s << u"openrouter"_s;
        QTest::newRow("groq") << u"gsk_abc"_s << u"groq"_s;
        QTest::newRow("unknown") << u"0123456789"_s << QString();
    }
    void keysAreGuessedByTheirLongestPrefix()
    {
        QFETCH(QString, key);
        QFETCH(QString, kind);
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        start.typeKey(key);
        QCOMPARE(start.part<QComboBox>(u"paste.kind"_s)->currentData().toString(), kind);
        QVERIFY(start.part<QRadioButton>(u"paste.radio"_s)->isChecked());
    }

    void correctedKindStays()
    {
        FirstStart start;
        auto *kind = start.part<QComboBox>(u"paste.kind"_s);
        start.typeKey(u"sk-"_s);
        kind->setFocus();
        QTest::keyClicks(kind, u"toge"_s);
        QCOMPARE(kind->currentData().toString(), u"together"_s);
        start.typeKey(u"proj-abc"_s);
        QCOMPARE(kind->currentData().toString(), u"together"_s);
    }

    void kindWithoutAPlaceAsksForIt()
    {
        FirstStart start;
        auto *kind = start.part<QComboBox>(u"paste.kind"_s);
        kind->setFocus();
        QTest::keyClicks(kind, u"OpenAI-c"_s);
        QVERIFY(start.part(u"paste.url"_s)->isVisible());
        start.click(u"paste.use"_s);
        QVERIFY(start.state(u"paste.result"_s).contains(u"base URL"_s));
        QCOMPARE(start.gateway.questions(u"testProvider"_s), 0);
    }

    void kindThatAKeyIsNotEnoughForAsksForTheRest()
    {
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        auto *key = start.part<QLineEdit>(u"paste.key"_s);
        key->setText(u"AKIAIOSFODNN7EXAMPLE"_s);
        Q_EMIT key->textEdited(key->text());
        QCOMPARE(start.part<QComboBox>(u"paste.kind"_s)->currentData().toString(), u"bedrock"_s);
        QVERIFY(!key->isVisible());
        QCOMPARE(start.part<QLineEdit>(u"paste.more.access_key_id"_s)->text(), u"AKIAIOSFODNN7EXAMPLE"_s);
        QTest::keyClicks(start.part<QLineEdit>(u"paste.more.secret_access_key"_s), u"wJalrXUtnFEMI"_s);
        start.click(u"paste.use"_s);
        QVERIFY2(start.state(u"paste.result"_s).contains(u"Region"_s), qPrintable(start.state(u"paste.result"_s)));
        QCOMPARE(start.gateway.questions(u"testProvider"_s), 0);
        QTest::keyClicks(start.part<QLineEdit>(u"paste.more.region"_s), u"us-east-1"_s);
        start.click(u"paste.use"_s);
        QTRY_COMPARE(start.gateway.applied().size(), std::size_t {1});
        const auto &added = start.gateway.applied().back().providers.back();
        QCOMPARE(added.kind, std::string("bedrock"));
        QCOMPARE(added.region, std::string("us-east-1"));
        QCOMPARE(added.credentials[0].name, std::string("main"));
        QCOMPARE(added.credentials[0].accessKeyId.value, std::string("AKIAIOSFODNN7EXAMPLE"));
        QVERIFY(!tests::accessibleText(&start.window).contains(u"wJalr"_s));
    }

    void wrongKeyIsSaidInWords()
    {
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        start.gateway.setProbe(rejected());
        start.typeKey(u"sk-proj-wrong"_s);
        start.click(u"paste.use"_s);
        QTRY_COMPARE(start.state(u"paste.result"_s), u"Key rejected"_s);
        QVERIFY(start.text(u"paste.detail"_s).contains(u"401"_s));
        QVERIFY(start.gateway.applied().empty());
        QVERIFY(start.part(u"paste.use"_s)->isVisible()); // to try again
    }

    void refusedProviderSaysWhy()
    {
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        start.gateway.refuseNextApply({{"providers[0].base_url", "Private addresses are not allowed here."}});
        start.click(u"ollama.use"_s);
        QTRY_COMPARE(start.state(u"ollama.result"_s), u"It was not added"_s);
        QCOMPARE(start.text(u"ollama.detail"_s), u"Private addresses are not allowed here."_s);
    }

    void keyThatCannotBeMadeSaysWhyAndCanBeTriedAgain()
    {
        FirstStart start;
        auto *name = start.part<QLineEdit>(u"key.name"_s);
        QCOMPARE(name->text(), u"my-first-key"_s);
        name->clear();
        start.click(u"key.create"_s);
        QCOMPARE(start.state(u"key.state"_s), u"Give the key a name first."_s);
        QTest::keyClicks(name, u"mine"_s);
        start.click(u"key.create"_s);
        QTRY_COMPARE(start.gateway.config()->keys.size(), 1U);
        QCOMPARE(start.gateway.config()->keys.front().team, std::string("Default"));
    }

    void wrongKeyThatArrivesIsShownAtOnce()
    {
        FirstStart start;
        start.click(u"key.create"_s);
        QTRY_COMPARE(start.text(u"waiting.title"_s), u"Listening… waiting for the first call"_s);
        QElapsedTimer clock;
        clock.start();
        start.gateway.setArrivals({1, 1, 1});
        QTRY_COMPARE(start.state(u"waiting.wrongKeys"_s), u"arrived, key rejected"_s);
        qInfo("shown after %lld ms", clock.elapsed());
        QCOMPARE(start.state(u"waiting.connections"_s), u"1 connection"_s);
        QVERIFY(start.text(u"waiting.help"_s).contains(u"key that Signalbox does not know"_s));
    }

    void helpComesAfterFifteenSeconds()
    {
        FirstStart start;
        start.click(u"key.create"_s);
        QTRY_COMPARE(start.text(u"waiting.elapsed"_s), u"0:00"_s);
        start.later = 14s;
        QTRY_COMPARE(start.text(u"waiting.elapsed"_s), u"0:14"_s);
        QVERIFY(!start.part(u"waiting.help"_s)->isVisible());
        start.later = 75s;
        QTRY_COMPARE(start.text(u"waiting.elapsed"_s), u"1:15"_s);
        QVERIFY(start.part(u"waiting.help"_s)->isVisible());
        QVERIFY(start.text(u"waiting.help"_s).contains(u"Nothing has connected"_s));
        QVERIFY(start.text(u"waiting.help"_s).contains(u"no provider yet"_s));
    }

    void arrivedCallOpensTheWayOn()
    {
        FirstStart start;
        start.click(u"ollama.use"_s);
        start.click(u"key.create"_s);
        QTRY_COMPARE(start.text(u"waiting.title"_s), u"Listening… waiting for the first call"_s);
        QVERIFY(!start.part<QAbstractButton>(u"open"_s)->isEnabled());
        QVERIFY(!start.part<QAbstractButton>(u"fallback"_s)->isEnabled());
        gateway::CallRecord unknown = callNow(start);
        unknown.status = gateway::CallStatus::Refused;
        unknown.error = gateway::ErrorCode::InvalidKey;
        start.gateway.addCall(unknown);
        start.gateway.addCall(callNow(start));
        QTRY_COMPARE(start.text(u"waiting.title"_s), u"The first call arrived and was answered"_s);
        QSignalSpy asked(start.window.view(), &ui::bridge::ViewContext::paneRequested);
        start.click(u"fallback"_s);
        QCOMPARE(asked.takeFirst(), (QVariantList {u"routes"_s, u"llama3.2:3b"_s}));
        start.window.openPane(u"firstrun"_s);
    }

    void rejectedCallsAreNoFirstCall()
    {
        FirstStart start;
        start.click(u"key.create"_s);
        QTRY_COMPARE(start.text(u"waiting.title"_s), u"Listening… waiting for the first call"_s);
        gateway::CallRecord unknown = callNow(start);
        unknown.status = gateway::CallStatus::Refused;
        unknown.error = gateway::ErrorCode::MissingKey;
        const int before = start.gateway.questions(u"calls"_s);
        start.gateway.addCall(unknown);
        QTRY_VERIFY(start.gateway.questions(u"calls"_s) > before);
        QCoreApplication::processEvents();
        QVERIFY(!start.part<QAbstractButton>(u"open"_s)->isEnabled());
    }

    void secretIsInNoAccessibleText()
    {
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        start.typeKey(u"sk-proj-verysecret"_s);
        start.click(u"key.create"_s);
        QTRY_VERIFY(!start.part<ui::widgets::SecretField>(u"key.secret"_s)->empty());
        const QString secret = start.part<ui::widgets::SecretField>(u"key.secret"_s)->secret();
        QVERIFY(start.code().contains(secret)); // seen, but
        const QString told = tests::accessibleText(&start.window);
        QVERIFY(told.contains(u"new key, hidden"_s));
        QVERIFY2(told.contains(u"api_key=\"(the key)\""_s), qPrintable(told));
        QVERIFY(!told.contains(secret));
        QVERIFY(!told.contains(u"verysecret"_s));
    }

    void leftPageForgetsItsSecrets()
    {
        FirstStart start;
        QTRY_VERIFY(start.part(u"ollama.use"_s));
        start.typeKey(u"sk-proj-verysecret"_s);
        start.click(u"key.create"_s);
        QTRY_VERIFY(!start.part<ui::widgets::SecretField>(u"key.secret"_s)->empty());
        const QString secret = start.part<ui::widgets::SecretField>(u"key.secret"_s)->secret();
        start.window.hide(); // out of sight is not left
        start.window.show();
        QVERIFY(start.code().contains(secret));
        start.click(u"skip"_s);
        start.window.openPane(u"firstrun"_s);
        QVERIFY(start.part<ui::widgets::SecretField>(u"key.secret"_s)->empty());
        QVERIFY(!start.code().contains(secret));
        QVERIFY(start.part<QLineEdit>(u"paste.key"_s)->text().isEmpty());
        QCOMPARE(start.part<QLineEdit>(u"key.name"_s)->text(), u"my-first-key-2"_s); // goes on from what is there
    }

    void noServerAndNoAnswerHangNothing()
    {
        FakeGateway gateway(FakeGateway::Scene::Empty);
        gateway.setLocalProviders({{"ollama", "Ollama", "http://127.0.0.1:11434/v1", false, {}}});
        ui::shell::MainWindow::Parts parts;
        parts.gateway = &gateway;
        ui::shell::MainWindow window(parts, ui::panes::panes());
        window.show();
        auto *others = window.findChild<ui::widgets::StateLabel *>(u"firstrun.others"_s);
        QTRY_COMPARE(others->text(), u"No model server answers on this machine"_s);
        QVERIFY(window.findChild<QRadioButton *>(u"firstrun.paste.radio"_s)->isChecked());
    }

    void usedPortOffersAnotherHereToo()
    {
        FakeGateway gateway(FakeGateway::Scene::Empty);
        QString asked;
        ui::shell::MainWindow::Parts parts;
        parts.gateway = &gateway;
        parts.retryListen = [&asked](const QString &address) { asked = address; };
        ui::shell::MainWindow window(parts, ui::panes::panes());
        window.show();
        gateway.setListener({false, "", "Port 8787 is in use by nginx (1234).", 8788});
        QVERIFY(window.findChild<ui::widgets::SectionBanner *>(u"shell.listenerBanner"_s)->isVisible());
        QCOMPARE(window.findChild<ui::widgets::StateLabel *>(u"firstrun.waiting.listener"_s)->text(), u"Not listening"_s);
        QTest::mouseClick(window.findChild<QWidget *>(u"shell.usePort"_s), Qt::LeftButton);
        QCOMPARE(asked, u"127.0.0.1:8788"_s);
        gateway.setListener({true, "127.0.0.1:8788", "", 0});
        QVERIFY(window.findChild<ui::widgets::CodeView *>(u"firstrun.call.code"_s)->toPlainText().contains(u"127.0.0.1:8788/v1"_s));
    }

    void paletteBringsThePageBack()
    {
        FakeGateway gateway;
        ui::shell::MainWindow::Parts parts;
        parts.gateway = &gateway;
        ui::shell::MainWindow window(parts, ui::panes::panes());
        window.show();
        QVERIFY(window.currentPane() != u"firstrun"_s);
        window.openPalette();
        auto *input = window.findChild<QLineEdit *>(u"palette.input"_s);
        QTest::keyClicks(input, u"make the first"_s);
        QTest::keyClick(input, Qt::Key_Return);
        QCOMPARE(window.currentPane(), u"firstrun"_s);
        QVERIFY(window.findChild<ui::widgets::CodeView *>(u"firstrun.call.code"_s)->toPlainText().contains(u"gpt-4o"_s)); // of what is configured
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_FirstRun test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_first_run.moc"
