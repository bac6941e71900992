// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/shell/shortcuts_sheet.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/button.h"
#include "ui/widgets/filter_edit.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::panes::Pane;
using ui::panes::PaneContext;
using ui::panes::PaneRow;
using ui::shell::MainWindow;

namespace {

/// A pane that notes what the shell does with it.
class NotingPane final : public Pane
{
public:
    explicit NotingPane(const PaneContext &context, const QString &title, Bar bar) : Pane(context), m_title(title), m_bar(bar) {}
    QString title() const override { return m_title; }
    Bar bar() const override { return m_bar; }
    void openItem(const QString &item) override { opened.append(item); }
    bool mayLeave() override { return leave; }
    bool tellsLogTrouble() const override { return tells; }
    QStringList opened;
    bool leave = true;
    bool tells = false;

private:
    QString m_title;
    Bar m_bar;
};

ui::panes::PaneTable table()
{
    const auto pane = [](const char *title, Pane::Bar bar) {
        return [title, bar](const PaneContext &context) { return new NotingPane(context, QLatin1StringView(title), bar); };
    };
    return {{u"calls"_s, "Calls", ui::widgets::Icon::Calls, PaneRow::Group::Watch, pane("All calls", Pane::Bar::Filter)},
        {u"routes"_s, "Routes", ui::widgets::Icon::Routes, PaneRow::Group::SetUp, pane("All routes", Pane::Bar::None)},
        {u"settings"_s, "Settings", ui::widgets::Icon::Settings, PaneRow::Group::Settings, pane("Settings", Pane::Bar::None)}};
}

} // namespace

class tst_MainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void shortcutsFollowTheOrderOnScreen()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QCOMPARE(window.currentPane(), u"calls"_s);
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(window.currentPane(), u"routes"_s);
        QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
        QCOMPARE(window.currentPane(), u"settings"_s);
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(window.currentPane(), u"routes"_s);
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(window.currentPane(), u"settings"_s);
    }

    void filterAndRangeHoldOverPanes()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        window.show();
        auto *filter = window.findChild<ui::widgets::FilterEdit *>(u"shell.filter"_s);
        QVERIFY(filter && filter->isVisible());
        filter->setText(u"team:search"_s);
        QTest::keyClick(filter, Qt::Key_Return);
        window.view()->setRange({900, {}, {}});
        window.openPane(u"routes"_s);
        QVERIFY(!filter->isVisible());
        window.openPane(u"calls"_s);
        QCOMPARE(filter->text(), u"team:search"_s);
        QCOMPARE(window.view()->range().lastSeconds, 900);
    }

    void paneThatMayNotBeLeftStays()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        static_cast<NotingPane *>(window.pane(u"calls"_s))->leave = false;
        QVERIFY(!window.openPane(u"routes"_s));
        QCOMPARE(window.currentPane(), u"calls"_s);
    }

    void paletteFindsThingsByName()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        window.show();
        window.openPalette();
        auto *input = window.findChild<QLineEdit *>(u"palette.input"_s);
        QVERIFY(input && input->isVisible());
        QTest::keyClicks(input, u"canar"_s);
        QTest::keyClick(input, Qt::Key_Return);
        QCOMPARE(window.currentPane(), u"routes"_s);
        QCOMPARE(static_cast<NotingPane *>(window.pane(u"routes"_s))->opened, QStringList {u"canary"_s});
        QVERIFY(!input->isVisible());
    }

    void statusBarNamesTheCircuit()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        const QString text = window.findChild<ui::shell::StatusBar *>()->text();
        for (const auto &part : {u"127.0.0.1:8787"_s, u"4.20 rps"_s, u"p95 1.92 s"_s, u"err 0.41 %"_s, u"$131.60 today"_s, u"local-vllm circuit open 12 s"_s, u"log committed to 4,218,306"_s, u"config version 214"_s})
            QVERIFY2(text.contains(part), qPrintable(text + u" lacks "_s + part));
    }

    void usedPortOffersAnother()
    {
        FakeGateway gateway;
        QString asked;
        auto all = parts(gateway);
        all.retryListen = [&asked](const QString &address) { asked = address; };
        MainWindow window(all, table());
        window.show();
        gateway.setListener({false, "", "Port 8787 is in use by nginx (1234).", 8788});
        auto *banner = window.findChild<ui::widgets::SectionBanner *>(u"shell.listenerBanner"_s);
        QVERIFY(banner->isVisible());
        window.findChild<ui::widgets::Button *>(u"shell.usePort"_s)->click();
        QCOMPARE(asked, u"127.0.0.1:8788"_s);
        gateway.setListener({true, "127.0.0.1:8788", "", 0});
        QVERIFY(!banner->isVisible());
    }

    void brokenStoreIsSaid()
    {
        FakeGateway gateway(FakeGateway::Scene::Failing);
        MainWindow window(parts(gateway), table());
        window.show();
        auto *banner = window.findChild<ui::widgets::SectionBanner *>(u"shell.storeBanner"_s);
        QVERIFY(banner->isVisible());
        QVERIFY(banner->accessibleName().contains(u"no space left"_s));
        auto *pane = static_cast<NotingPane *>(window.pane(u"calls"_s));
        pane->tells = true; // once is enough
        Q_EMIT pane->logTroubleChanged();
        QVERIFY(!banner->isVisible());
        window.openPane(u"routes"_s);
        QVERIFY(banner->isVisible());
        auto *settings = window.findChild<ui::widgets::Button *>(u"shell.storeSettings"_s);
        QVERIFY(settings->isVisible());
        settings->click();
        QCOMPARE(window.currentPane(), u"settings"_s);
        QVERIFY(banner->isVisible() && !settings->isVisible()); // one is there already
    }

    void secondLaunchOpensTheLastPane()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"window.ini"_s);
        FakeGateway gateway;
        {
            QSettings settings(file, QSettings::IniFormat);
            auto all = parts(gateway);
            all.settings = &settings;
            MainWindow window(all, table());
            window.show();
            window.openPane(u"routes"_s);
            window.view()->setRange({86400, {}, {}});
            window.view()->setFilterText(u"team:growth"_s);
            window.close();
        }
        QSettings settings(file, QSettings::IniFormat);
        auto all = parts(gateway);
        all.settings = &settings;
        MainWindow window(all, table());
        QCOMPARE(window.currentPane(), u"routes"_s);
        QCOMPARE(window.view()->range().lastSeconds, 86400);
        QCOMPARE(QString::fromStdString(window.view()->filter().text()), u"team:growth"_s);
    }

    void shortcutsFitASmallWindow()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.resize(1024, 640);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_F1);
        auto *sheet = window.findChild<ui::shell::ShortcutsSheet *>();
        QVERIFY(sheet);
        QVERIFY2(sheet->height() <= 640 && sheet->width() <= 1024, qPrintable(u"%1 x %2"_s.arg(sheet->width()).arg(sheet->height())));
    }

    void keysOfWhatIsHiddenStayInThePane()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), table());
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto *pane = window.findChild<NotingPane *>(u"calls"_s);
        auto *box = new QWidget(pane);
        auto *first = new QLineEdit(pane), *inner = new QLineEdit(box);
        for (QWidget *part : {box, static_cast<QWidget *>(first)})
            part->show();
        inner->setFocus();
        QTRY_COMPARE(QApplication::focusWidget(), inner);
        box->hide();
        QCOMPARE(QApplication::focusWidget(), pane); // not the first button of the window
        QTest::keyClick(pane, Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), first);
        inner->setFocus();
        QTest::mouseClick(pane, Qt::LeftButton, {}, pane->rect().center()); // beside all fields
        QCOMPARE(QApplication::focusWidget(), pane);
    }

    void corruptSettingsGiveDefaultsAndANotice()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"window.ini"_s);
        {
            QFile corrupt(file);
            QVERIFY(corrupt.open(QIODevice::WriteOnly));
            corrupt.write("[window\nversion=\x01\x02@@\nrange_seconds=banana\n");
        }
        QSettings settings(file, QSettings::IniFormat);
        settings.setValue(u"window/version"_s, 99);
        QString notice;
        const auto state = ui::shell::readWindowState(settings, &notice);
        QCOMPARE(state.range.lastSeconds, 3600);
        QVERIFY(!notice.isEmpty());
    }

private:
    MainWindow::Parts parts(FakeGateway &gateway) const { return {&gateway, m_theme.get(), nullptr, FakeGateway::sceneTime, {}}; }
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_MainWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_main_window.moc"
