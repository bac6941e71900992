// SPDX-License-Identifier: GPL-3.0-or-later
// Shows each pane of the window over a data folder with a large log: how long the GUI thread was at one event while the pane
// loaded, and a picture of it. Drawing is done by the processor here.
//   bench_window [--dark] [--slow] [--range SECONDS]... [--settle MS] [--size 1440x900] DATA_FOLDER PICTURES
// The folder's log.keep must be longer than its oldest calls are old: the gateway that opens it removes what is older.
#include "gateway/api/embedded_gateway.h"
#include "translations/translations.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr double frameMs = 16;

/// What this thread has worked so far: on a machine with more to do than cores, less than what passed.
double workedMs()
{
    timespec worked {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
    return static_cast<double>(worked.tv_sec) * 1e3 + static_cast<double>(worked.tv_nsec) / 1e6;
}

/// Takes the time of each event that the event loop hands out, with all that it calls.
class TimedApplication final : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject *receiver, QEvent *event) override
    {
        if (m_inside)
            return QApplication::notify(receiver, event);
        const std::string name = receiver->metaObject()->className(); // it may be gone afterwards
        const int type = event->type();
        m_inside = true;
        const double worked = workedMs();
        QElapsedTimer timer;
        timer.start();
        const bool taken = QApplication::notify(receiver, event);
        const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        const double work = workedMs() - worked;
        m_inside = false;
        ++m_events;
        m_worstWork = std::max(m_worstWork, work);
        if (ms > frameMs)
            m_slow.push_back({ms, work, name + ", event " + std::to_string(type)});
        if (ms > m_worst) {
            m_worst = ms;
            m_which = name + ", event " + std::to_string(type);
        }
        return taken;
    }

    void begin()
    {
        m_events = 0;
        m_slow.clear();
        m_worst = m_worstWork = 0;
        m_which.clear();
    }
    /// @param each  whether each event that was too long is told too
    void tell(const QString &what, bool each) const
    {
        std::printf("%-34s %6d events, the longest %7.1f ms (%s), the most work %7.1f ms, %zu over %.0f ms\n", qPrintable(what), m_events, m_worst, m_which.c_str(), m_worstWork, m_slow.size(), frameMs);
        if (each)
            for (const Slow &slow : m_slow)
                std::printf("%40.1f ms, %.1f ms of work: %s\n", slow.ms, slow.work, slow.what.c_str());
        std::fflush(stdout);
    }

private:
    struct Slow
    {
        double ms, work;
        std::string what;
    };
    bool m_inside = false;
    int m_events = 0;
    std::vector<Slow> m_slow;
    double m_worst = 0, m_worstWork = 0;
    std::string m_which;
};

void settle(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

int main(int argc, char *argv[])
{
    TimedApplication application(argc, argv);
    ui::installTranslations(application, QLocale(QLocale::English));
    QCommandLineParser options;
    const QCommandLineOption dark(u"dark"_s), each(u"slow"_s), range(u"range"_s, {}, u"seconds"_s), settled(u"settle"_s, {}, u"ms"_s, u"3000"_s), size(u"size"_s, {}, u"WxH"_s, u"1440x900"_s);
    options.addOptions({dark, each, range, settled, size});
    options.process(application);
    const QStringList folders = options.positionalArguments();
    if (folders.size() != 2) {
        std::fputs("bench_window [--dark] [--slow] [--range SECONDS]... [--settle MS] [--size WxH] DATA_FOLDER PICTURES\n", stderr);
        return 2;
    }
    auto opened = gateway::api::EmbeddedGateway::open({.dataFolder = folders[0].toStdString(), .listen = "127.0.0.1:0", .workers = 1});
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().message.c_str());
        return 1;
    }
    const QDir pictures(folders[1]);
    pictures.mkpath(u"."_s);
    ui::widgets::Theme theme;
    theme.setMode(options.isSet(dark) ? ui::widgets::ThemeMode::Dark : ui::widgets::ThemeMode::Light);
    ui::shell::MainWindow::Parts parts;
    parts.gateway = opened->get();
    parts.theme = &theme;
    ui::shell::MainWindow window(parts, ui::panes::panes());
    const QStringList sides = options.value(size).split(u'x');
    window.resize(sides.value(0).toInt(), sides.value(1).toInt());
    window.show();
    const int ms = options.value(settled).toInt();
    settle(ms);
    QStringList ranges = options.values(range);
    if (ranges.isEmpty())
        ranges = {u"86400"_s, u"2592000"_s};
    for (const ui::panes::PaneRow &row : ui::panes::panes()) {
        for (const QString &seconds : std::as_const(ranges)) {
            const QString name = u"%1-%2"_s.arg(row.id, seconds);
            application.begin();
            QTimer::singleShot(0, &window, [&] { // as by a click: within an event
                window.view()->setRange({.lastSeconds = seconds.toLongLong()});
                window.openPane(row.id);
            });
            settle(ms);
            application.tell(name, options.isSet(each));
            window.grab().save(pictures.filePath(u"%1-%2.png"_s.arg(name, theme.dark() ? u"dark"_s : u"light"_s)));
        }
    }
    return 0;
}
