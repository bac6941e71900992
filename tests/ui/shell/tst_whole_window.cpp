// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QTableView>
#include <QTimer>
#include <QtTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::shell::MainWindow;

namespace {

/// Times every event that the application handles, without what the made-up gateway needed for its answers.
class TimedApplication final : public QApplication
{
public:
    using QApplication::QApplication;

    struct Longest
    {
        qint64 nanoseconds = 0;
        QString what;
        int above16ms = 0, events = 0;
    };
    FakeGateway *gateway = nullptr;
    Longest longest;
    QStringList shownAsWindows; ///< parts that were shown before they were part of anything

    bool notify(QObject *receiver, QEvent *event) override
    {
        if (auto *widget = qobject_cast<QWidget *>(receiver); widget && event->type() == QEvent::Show && widget->isWindow() && !qobject_cast<MainWindow *>(widget))
            shownAsWindows.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName());
        if (!gateway || m_depth > 0)
            return QApplication::notify(receiver, event);
        const QString what = QString::fromLatin1(receiver->metaObject()->className()) + u' ' + receiver->objectName() + u" event "_s + QString::number(event->type());
        const qint64 spent = gateway->spentNanoseconds();
        QElapsedTimer clock;
        clock.start();
        ++m_depth;
        const bool handled = QApplication::notify(receiver, event);
        --m_depth;
        const qint64 took = gateway ? clock.nsecsElapsed() - (gateway->spentNanoseconds() - spent) : 0;
        ++longest.events;
        if (took > 16'000'000)
            ++longest.above16ms;
        if (took > longest.nanoseconds) {
            longest.nanoseconds = took;
            longest.what = what;
        }
        return handled;
    }

private:
    int m_depth = 0;
};

void live(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

/// The window with all its panes, over a made-up gateway.
class tst_WholeWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void everyControlHasAName_data() { panesData(); }
    void everyControlHasAName()
    {
        QFETCH(QString, pane);
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.show();
        window.openPane(pane);
        live(300);
        QStringList nameless;
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusProxy() || !(widget->focusPolicy() & Qt::TabFocus))
                continue;
            QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
            if (!interface || interface->text(QAccessible::Name).trimmed().isEmpty())
                nameless.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName() + u" in "_s + widget->parentWidget()->objectName());
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u", "_s)));
    }

    /// Ins works right after the mode was chosen by its keys: nobody has to click into the pane first.
    void aPaneThatTakesTheKeysKeepsThem()
    {
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.openPane(u"overview"_s);
        live(100);
        QTest::keyClick(&window, Qt::Key_7, Qt::ControlModifier); // Keys
        live(100);
        QVERIFY(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Insert);
        QTRY_VERIFY(std::ranges::any_of(window.findChildren<QDialog *>(), [](const QDialog *dialog) { return dialog->isVisible(); }));
    }

    void tabWalksFromTheTopDown_data() { panesData(); }
    void tabWalksFromTheTopDown()
    {
        QFETCH(QString, pane);
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.show();
        window.openPane(pane);
        live(300);
        // Modes, top bar, filter bar, pane, status bar: each is left before the next is entered.
        QStringList order;
        QWidget *first = window.centralWidget();
        for (QWidget *at = first->nextInFocusChain(); at != first; at = at->nextInFocusChain()) {
            if (!at->isVisible() || !at->isEnabled() || at->focusProxy() || !(at->focusPolicy() & Qt::TabFocus))
                continue;
            QString part = u"pane"_s;
            for (QWidget *up = at; up; up = up->parentWidget()) {
                const QString type = QString::fromLatin1(up->metaObject()->className()).section(u"::"_s, -1);
                if (type == u"ModeBar" || type == u"TopBar" || type == u"FilterBar" || type == u"StatusBar")
                    part = type;
            }
            if (order.isEmpty() || order.last() != part)
                order.append(part);
        }
        QStringList wanted {u"ModeBar"_s, u"TopBar"_s, u"FilterBar"_s, u"pane"_s, u"StatusBar"_s};
        wanted.removeIf([&](const QString &part) { return !order.contains(part); });
        QCOMPARE(order, wanted);
    }

    /// A part that is shown without a parent is a window for a moment, which costs many times what the part does, and may be seen.
    void noPartIsAWindowForAMoment_data() { panesData(); }
    void noPartIsAWindowForAMoment()
    {
        QFETCH(QString, pane);
        auto *application = static_cast<TimedApplication *>(qApp);
        application->shownAsWindows.clear();
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.show();
        window.openPane(pane);
        live(300);
        QVERIFY2(application->shownAsWindows.isEmpty(), qPrintable(application->shownAsWindows.join(u", "_s)));
    }

    void twoThousandCallsASecondAskSeldom_data()
    {
        QTest::addColumn<QString>("pane");
        QTest::addColumn<QString>("question");
        QTest::addColumn<int>("mostASecond");
        QTest::newRow("overview") << u"overview"_s << u"series"_s << 2;
        QTest::newRow("calls") << u"calls"_s << u"calls"_s << 11;
        QTest::newRow("calls, figures") << u"calls"_s << u"countCalls"_s << 3;
    }
    /// How long the window's thread was busy at most is printed, not judged: machines differ.
    void twoThousandCallsASecondAskSeldom()
    {
        QFETCH(QString, pane);
        QFETCH(QString, question);
        QFETCH(int, mostASecond);
        FakeGateway gateway;
        MainWindow window(parts(gateway), ui::panes::panes());
        window.resize(1440, 900);
        window.show();
        window.openPane(pane);
        live(1200);
        auto *application = static_cast<TimedApplication *>(qApp);
        const int before = gateway.questions(question);
        int number = 0;
        QTimer traffic;
        traffic.setInterval(20);
        connect(&traffic, &QTimer::timeout, &gateway, [&] {
            for (int i = 0; i < 40; ++i, ++number) {
                gateway::CallRecord record = gateway.madeCall(number % 500);
                record.id = "call_02" + std::to_string(1'000'000 + number);
                record.startedAt = FakeGateway::sceneTime() + std::chrono::microseconds(500 * number);
                gateway.addCall(std::move(record));
            }
        });
        application->longest = {};
        application->gateway = &gateway;
        traffic.start();
        live(3000);
        traffic.stop();
        application->gateway = nullptr;
        const auto &longest = application->longest;
        qInfo("%s: %d calls; longest event %.1f ms (%s), %d of %d above 16 ms", qPrintable(pane), number, double(longest.nanoseconds) / 1e6, qPrintable(longest.what), longest.above16ms, longest.events);
        const int asked = gateway.questions(question) - before;
        QVERIFY2(asked > 0, "the pane is not live");
        QVERIFY2(asked <= mostASecond * 4, qPrintable(QString::number(asked)));
    }

private:
    static void panesData()
    {
        QTest::addColumn<QString>("pane");
        for (const auto &row : ui::panes::panes())
            QTest::newRow(qPrintable(row.id)) << row.id;
    }
    ui::shell::MainWindow::Parts parts(FakeGateway &gateway) const { return {&gateway, m_theme.get(), nullptr, FakeGateway::sceneTime, {}}; }

    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    TimedApplication app(argc, argv);
    tst_WholeWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_whole_window.moc"
