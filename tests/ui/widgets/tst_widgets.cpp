// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/filter_edit.h"
#include "ui/widgets/focus_marker.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/problem_note.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/toast.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFontInfo>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <QtTest>

#include <cmath>

using namespace ui::widgets;
using namespace Qt::StringLiterals;

namespace {

ChartData minutes(qsizetype bins, double value)
{
    ChartData data;
    data.startMs = 1'795'000'020'000 / 60'000 * 60'000;
    data.bins = bins;
    data.series = {{u"a"_s, u"alpha"_s, 0, QList<double>(bins, value), {}}, {u"b"_s, u"beta"_s, 1, QList<double>(bins, value / 2), {}}};
    return data;
}

double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto part = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
        return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
    };
    const double la = luminance(a), lb = luminance(b);
    return (qMax(la, lb) + 0.05) / (qMin(la, lb) + 0.05);
}

} // namespace

class tst_Widgets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = new Theme(this); }

    void textIsReadableOnEveryBackground_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textIsReadableOnEveryBackground()
    {
        QFETCH(bool, dark);
        const ThemeColors &c = themeColors(dark);
        for (const QColor &background : {c.win, c.surface, c.raised, c.selection})
            for (const QColor &text : {c.text, c.muted, c.accent, c.ok, c.warn, c.err})
                QVERIFY2(contrast(text, background) >= 4.5, qPrintable(text.name() + u" on "_s + background.name()));
        for (const QColor &series : c.series)
            QVERIFY2(contrast(series, c.surface) >= 2.95, qPrintable(series.name()));
    }

    void themeSwitchesLive()
    {
        Label label(Label::Kind::Secondary, u"text"_s);
        label.show();
        m_theme->setMode(ThemeMode::Dark);
        QTRY_VERIFY(colorsOf(&label).dark); // told by the event loop
        QTRY_COMPARE(label.palette().color(QPalette::Text), themeColors(true).muted);
        m_theme->setMode(ThemeMode::Light);
        QTRY_VERIFY(!colorsOf(&label).dark);
        QTRY_COMPARE(label.palette().color(QPalette::Text), themeColors(false).muted);
    }

    void bundledFontsHaveTabularFigures()
    {
        QCOMPARE(QFontInfo(textFont(13)).family(), u"Signalbox Sans"_s);
        QCOMPARE(QFontInfo(monoFont(12)).family(), u"Signalbox Mono"_s);
        for (const auto weight : {QFont::Normal, QFont::Medium, QFont::DemiBold, QFont::Bold}) {
            const QFontMetricsF metrics(textFont(13, weight));
            for (const QChar digit : u"023456789"_s)
                QCOMPARE(metrics.horizontalAdvance(digit), metrics.horizontalAdvance(u'1'));
        }
    }

    void everyIconDrawsSomething()
    {
        for (int i = 1; i <= int(Icon::Cache); ++i) {
            QImage image(32, 32, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintIcon(&painter, Icon(i), QRectF(0, 0, 32, 32), Qt::red);
            painter.end();
            bool drawn = false;
            for (int y = 0; y < 32 && !drawn; ++y)
                for (int x = 0; x < 32 && !drawn; ++x)
                    drawn = qRed(image.pixel(x, y)) > 120;
            QVERIFY2(drawn, qPrintable(QString::number(i)));
        }
    }

    void filterSaysItsState_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("state");
        QTest::newRow("empty") << u""_s << int(FilterEdit::State::Empty);
        QTest::newRow("valid") << u"status:>=400"_s << int(FilterEdit::State::Valid);
        QTest::newRow("incomplete") << u"team:"_s << int(FilterEdit::State::Incomplete);
        QTest::newRow("open parenthesis") << u"(team:a OR"_s << int(FilterEdit::State::Incomplete);
        QTest::newRow("invalid") << u"nonsense_field:3"_s << int(FilterEdit::State::Invalid);
    }
    void filterSaysItsState()
    {
        QFETCH(QString, text);
        FilterEdit edit;
        edit.setText(text);
        QTEST(int(edit.state()), "state");
    }

    void invalidFilterKeepsTheLastValidOne()
    {
        FilterEdit edit;
        QSignalSpy changed(&edit, &FilterEdit::filterChanged);
        edit.setText(u"team:search"_s);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(changed.count(), 1);
        edit.setText(u"team:search nonsense_field:3"_s);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(QString::fromStdString(edit.filter().text()), u"team:search"_s);
        QVERIFY(!edit.problem().isEmpty());
    }

    void enterFiltersWhatWasTypedAndTabTakesTheOffer()
    {
        FilterEdit edit;
        edit.show();
        edit.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&edit));
        edit.setFocus();
        connect(&edit, &FilterEdit::valuesWanted, &edit, [&](const QString &field, const QString &prefix) { edit.offerValues(field, prefix, {{u"search"_s, 7}, {u"seasonal"_s, 1}}); });
        QSignalSpy changed(&edit, &FilterEdit::filterChanged);
        QTest::keyClicks(&edit, u"team:se"_s);
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(edit.text(), u"team:se"_s);
        QCOMPARE(changed.size(), 1);
        QTest::keyClicks(&edit, u"a"_s);
        QTest::keyClick(&edit, Qt::Key_Tab);
        QCOMPARE(edit.text(), u"team:search "_s);
        QVERIFY(edit.hasFocus());
    }

    void segmentedControlMovesByKeys()
    {
        SegmentedControl control({u"Canvas"_s, u"YAML"_s});
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        QTest::keyClick(&control, Qt::Key_Right);
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.current(), 1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(control.accessibleName(), u"YAML"_s);
    }

    void copyButtonAsksAtTheClick()
    {
        int asked = 0;
        CopyButton button(u"Copy"_s, [&asked] { return QString::number(++asked); });
        QCOMPARE(asked, 0);
        button.button()->click();
        QCOMPARE(asked, 1);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"1"_s);
        QCOMPARE(button.button()->text(), u"Copied"_s);
    }

    void toastUndoes()
    {
        QWidget window;
        window.resize(600, 400);
        Toast toast(&window);
        bool undone = false;
        toast.show(u"moved"_s, [&undone] { undone = true; });
        QTest::mouseClick(&toast, Qt::LeftButton, {}, QPoint(toast.width() - 70, 20));
        QVERIFY(undone);
        QVERIFY(toast.isHidden());
        undone = false;
        toast.undo(); // it is gone, and so is what it offered
        QVERIFY(!undone);
        toast.show(u"moved again"_s, [&undone] { undone = true; });
        QVERIFY(toast.accessibleName().contains(Toast::undoKeys().toString(QKeySequence::NativeText)));
        toast.undo();
        QVERIFY(undone);
        QVERIFY(toast.isHidden());
    }

    void wordsBelowAFieldSayWhatIsWrong()
    {
        QWidget form;
        auto *field = new DurationField;
        auto *column = new QVBoxLayout(&form);
        column->addWidget(field);
        Label *note = makeProblemNote(field);
        column->addWidget(note);
        form.show();
        QVERIFY(!note->isVisible());
        field->setFocus();
        QTest::keyClicks(field, u"so"_s);
        QVERIFY(isInvalid(field));
        QVERIFY(!note->isVisible()); // it is still being typed
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(note->isVisible());
        QVERIFY2(note->text().startsWith(u"Not a duration"_s), qPrintable(note->text()));
        QVERIFY(tellsProblem(field));
        setInvalid(field, u"Other words"_s);
        QCOMPARE(note->text(), u"Other words"_s);
        field->hide();
        QVERIFY(!note->isVisible());
        QVERIFY(!tellsProblem(field));
        field->show();
        QVERIFY(note->isVisible());
        setInvalid(field, {});
        QVERIFY(!note->isVisible());
        QTest::keyClicks(field, u"on"_s);
        QTRY_VERIFY(note->isVisible()); // after a pause
    }

    void listsAndTextsHaveARingForTheKeys()
    {
        QWidget window;
        auto *column = new QVBoxLayout(&window);
        auto *line = new QLineEdit;
        auto *table = new TableView;
        auto *plain = new QPlainTextEdit, *framed = new QPlainTextEdit;
        plain->setFrameShape(QFrame::NoFrame);
        for (QWidget *part : std::initializer_list<QWidget *> {line, table, plain, framed})
            column->addWidget(part);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        FocusMarker marker(this);
        line->setFocus();
        QCOMPARE(marker.marked(), nullptr); // it has one of its own
        QTest::keyClick(line, Qt::Key_Tab);
        QCOMPARE(marker.marked(), static_cast<const QWidget *>(table));
        QTest::keyClick(table, Qt::Key_Tab);
        QCOMPARE(marker.marked(), static_cast<const QWidget *>(plain));
        QTest::mouseClick(table->viewport(), Qt::LeftButton);
        QVERIFY(table->hasFocus());
        QCOMPARE(marker.marked(), nullptr); // a click has said it
        QTest::mouseClick(framed->viewport(), Qt::LeftButton); // a field, as those of one line
        QCOMPARE(marker.marked(), static_cast<const QWidget *>(framed));
    }

    void directLabelsKeepTheirOrderAndTheirDistance()
    {
        ChartScale scale;
        scale.plot = {56, 8, 400, 200};
        scale.y = {10, 5};
        const auto texts = [](const QList<PlacedLabel> &placed) {
            QStringList found;
            for (const PlacedLabel &label : placed)
                found << label.text;
            return found.join(u' ');
        };
        for (const double value : {0.0, 4.0, 10.0}) { // bands that meet
            const auto placed = placeDirectLabels(scale, {{u"p50"_s, value}, {u"p95"_s, value}, {u"p99"_s, value}});
            QCOMPARE(texts(placed), u"p99 p95 p50"_s);
            for (qsizetype i = 0; i < placed.size(); ++i) {
                QVERIFY(placed[i].y >= scale.plot.top() && placed[i].y <= scale.plot.bottom());
                QVERIFY(i == 0 || placed[i].y - placed[i - 1].y >= 13);
            }
        }
        QCOMPARE(texts(placeDirectLabels(scale, {{u"a"_s, 9}, {u"b"_s, 2}})), u"a b"_s);
    }

    void confirmDialogNeedsTheButton()
    {
        QWidget window;
        auto *dialog = new ConfirmDialog(u"Revoke?"_s, u"Programs get 401."_s, u"Revoke key"_s, &window);
        QSignalSpy confirmed(dialog, &ConfirmDialog::confirmed);
        dialog->open();
        QTest::keyClick(dialog, Qt::Key_Escape);
        QCOMPARE(confirmed.count(), 0);
        auto *second = new ConfirmDialog(u"Revoke?"_s, u"Programs get 401."_s, u"Revoke key"_s, &window);
        QSignalSpy again(second, &ConfirmDialog::confirmed);
        second->open();
        second->findChild<Button *>(u"confirm.confirm"_s)->click();
        QCOMPARE(again.count(), 1);
    }

    void dialogsFirstFieldTakesWhatIsTyped()
    {
        QWidget window;
        auto *dialog = new Dialog(Icon::Overview, Role::Accent, u"Pin"_s, &window);
        auto *title = new QLineEdit(u"Query"_s);
        dialog->body()->addWidget(title);
        auto *pin = dialog->addButton(Button::Kind::Primary, u"Pin"_s);
        pin->setDefault(true);
        QSignalSpy pinned(pin, &QPushButton::clicked);
        dialog->open();
        QCOMPARE(dialog->focusWidget(), static_cast<QWidget *>(title));
        QTest::keyClicks(dialog->focusWidget(), u"Team days"_s);
        QCOMPARE(title->text(), u"Team days"_s); // in the place of what was there; and the space pressed nothing
        QCOMPARE(pinned.count(), 0);
        QTest::keyClick(title, Qt::Key_Return);
        QCOMPARE(pinned.count(), 1);
    }

    void legendTellsOfWhatHasNoRoom()
    {
        ChartLegend legend(nullptr);
        legend.setItems({{u"a"_s, u"checkout"_s, {}}, {u"b"_s, u"finance"_s, {}}, {u"c"_s, u"Other"_s, u"12"_s}});
        legend.resize(legend.sizeHint().width(), 28);
        legend.show();
        QCOMPARE(legend.toolTip(), QString());
        legend.resize(legend.sizeHint().width() - 40, 28);
        QCOMPARE(legend.toolTip(), u"Other 12"_s);
    }

    void skeletonWaitsBeforeItShows()
    {
        SkeletonView skeleton;
        skeleton.resize(300, 200);
        skeleton.begin(u"Reading"_s);
        const QImage atOnce = skeleton.grab().toImage();
        QTRY_VERIFY_WITH_TIMEOUT(skeleton.grab().toImage() != atOnce, 2000);
        skeleton.end();
        QVERIFY(skeleton.isHidden());
    }

    void plotAreaStaysAsFiguresGrow()
    {
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(500, 260);
        chart.setValueText([](double v) { return QString::number(v); });
        chart.setData(minutes(60, 1));
        chart.grab();
        const QRect before = chart.plotArea();
        for (int i = 0; i < 60; ++i)
            chart.setData(minutes(60 + i % 2, std::pow(10, i % 6)));
        chart.grab();
        QCOMPARE(chart.plotArea(), before);
        QCOMPARE(before.left(), 56);
    }

    void axisGrowsAtOnceAndShrinksLate()
    {
        AxisHold hold;
        QCOMPARE(hold.hold({10, 2}, 0).top, 10.0);
        QCOMPARE(hold.hold({20, 5}, 100).top, 20.0);
        QCOMPARE(hold.hold({10, 2}, 20'000).top, 20.0);
        QCOMPARE(hold.hold({10, 2}, 30'101).top, 10.0);
    }

    void emptyChartHoldsNoAxis()
    {
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(500, 260);
        chart.setData(minutes(60, 0));
        chart.grab();
        QCOMPARE(chart.axisTop(), 1.0);
        chart.setData(minutes(60, 0.05));
        QTRY_VERIFY(chart.axisTop() < 0.2); // and not a flat line below the first one's top
    }

    void axesHaveRoundSteps()
    {
        QCOMPARE(valueAxis(5.9, 4, false).step, 2.0);
        QCOMPARE(valueAxis(0.33, 4, false).step, 0.1);
        QCOMPARE(valueAxis(3, 8, true).step, 1.0);
        QCOMPARE(valueAxis(0, 4, true).top, 4.0);
    }

    void logarithmicAxesHaveRoundEnds()
    {
        const ui::widgets::ValueAxis axis = ui::widgets::logAxis(0.4, 5.7);
        QCOMPARE(axis.low, 0.2);
        QCOMPARE(axis.top, 10.0);
        QCOMPARE(axis.ticks().size(), 6); // 0.2 0.5 1 2 5 10
        QCOMPARE(axis.share(0.2), 0.0);
        QCOMPARE(axis.share(10), 1.0);
        QCOMPARE(axis.share(0), 0.0); // nothing falls below the axis
        QCOMPARE(ui::widgets::logAxis(3, 3).share(3) >= 0, true);
    }

    void timeTicksAreRound()
    {
        const QDateTime from(QDate(2026, 11, 17), QTime(13, 32, 7));
        const auto ticks = timeTicks(from.toMSecsSinceEpoch(), from.addSecs(3600).toMSecsSinceEpoch(), 7);
        QVERIFY(!ticks.isEmpty());
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(ticks.front()).time(), QTime(13, 40));
        for (const qint64 tick : ticks)
            QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick).time().minute() % 10, 0);
    }

    void timesOfSeveralDaysTellTheDayOnce()
    {
        constexpr qint64 week = 7LL * 24 * 3600 * 1000, days = 2LL * 24 * 3600 * 1000;
        const QDateTime midnight(QDate(2026, 11, 17), QTime(0, 0)), noon = midnight.addSecs(12 * 3600);
        QCOMPARE(timeTickText(midnight.toMSecsSinceEpoch(), week), u"17 Nov"_s);
        QCOMPARE(timeTickText(noon.toMSecsSinceEpoch(), week), u"12:00"_s); // not the day again
        QCOMPARE(timeTickText(noon.toMSecsSinceEpoch(), days), u"12:00"_s);
        QCOMPARE(timePointText(noon.toMSecsSinceEpoch(), week), u"17 Nov 12:00"_s);
        QCOMPARE(timePointText(noon.toMSecsSinceEpoch(), days), u"Tue 17 12:00"_s);
        QCOMPARE(timePointText(noon.toMSecsSinceEpoch(), 3600 * 1000), u"12:00"_s);
    }

    void gapsAreNotBridged()
    {
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(500, 260);
        ChartData data = minutes(60, 4);
        for (auto &series : data.series)
            for (int i = 20; i < 40; ++i)
                series.values[i] = NAN;
        chart.setData(data);
        const QImage image = chart.grab().toImage();
        const QRect plot = chart.plotArea();
        const auto filled = [&](double share) { return image.pixelColor(int(plot.left() + plot.width() * share), plot.bottom() - 20) == themeColors(false).series[0]; };
        QVERIFY(filled(0.15));
        QVERIFY(!filled(0.5));
        QVERIFY(filled(0.85));
    }

    void crosshairIsSharedAndKeysMoveIt()
    {
        ChartLink link;
        TimeSeriesView first(TimeSeriesView::Kind::Lines), second(TimeSeriesView::Kind::StackedBars);
        for (auto *chart : {&first, &second}) {
            chart->resize(500, 260);
            chart->setLink(&link);
            chart->setData(minutes(60, 3));
        }
        QTest::keyClick(&first, Qt::Key_Left);
        QVERIFY(link.crosshair());
        QVERIFY(first.tooltipText().contains(u"alpha: 3"_s));
        QVERIFY(second.tooltipText().contains(u"beta: 1.5"_s));
        QSignalSpy reset(&link, &ChartLink::resetRequested);
        QTest::keyClick(&first, Qt::Key_Escape);
        QVERIFY(!link.crosshair());
        QCOMPARE(reset.count(), 1);
    }

    void brushAsksForARange()
    {
        ChartLink link;
        QSignalSpy asked(&link, &ChartLink::rangeRequested);
        TimeSeriesView chart(TimeSeriesView::Kind::Lines);
        chart.resize(500, 260);
        chart.setLink(&link);
        chart.setData(minutes(60, 3));
        chart.show();
        QWidget *target = chart.childAt(chart.plotArea().center());
        QVERIFY(target);
        const QPoint from = chart.plotArea().topLeft() + QPoint(100, 30);
        QTest::mousePress(target, Qt::LeftButton, {}, from);
        QTest::mouseMove(target, from + QPoint(100, 0));
        QTest::mouseRelease(target, Qt::LeftButton, {}, from + QPoint(100, 0));
        QCOMPARE(asked.count(), 1);
        QVERIFY(asked.front().at(1).toLongLong() - asked.front().at(0).toLongLong() > 10 * 60'000);
    }

    void legendShowsOneAlone()
    {
        ChartCard card(u"Cost"_s, u"USD"_s, TimeSeriesView::Kind::StackedArea);
        card.resize(600, 300);
        card.setData(minutes(10, 2));
        card.chart()->setSolo(u"b"_s);
        QCOMPARE(card.chart()->solo(), u"b"_s);
        QVERIFY(card.chart()->axisTop() < 2);
    }

    void chartsAreTablesToo()
    {
        ChartCard card(u"Cost"_s, u"USD"_s, TimeSeriesView::Kind::StackedArea);
        card.resize(600, 300);
        ChartData data = minutes(3, 2);
        data.series[0].values[1] = NAN;
        card.setData(data);
        card.setTableShown(true);
        QVERIFY(card.tableShown());
        const auto *table = card.findChild<TableView *>();
        QVERIFY(table);
        QCOMPARE(table->model()->rowCount(), 3);
        QCOMPARE(table->model()->index(1, 1).data().toString(), u"—"_s);
        QCOMPARE(QString::fromUtf8(card.csv()).split(u'\n').at(2).split(u',').at(1), QString());
    }

    void chartsAreSavedAsPicturesAndDrawings()
    {
        ChartCard card(u"Cost"_s, u"USD a minute"_s, TimeSeriesView::Kind::StackedArea);
        card.resize(600, 300);
        card.show();
        card.setData(minutes(60, 2));
        card.grab();
        QImage image;
        QVERIFY(image.loadFromData(card.png(), "PNG"));
        QCOMPARE(image.width(), 2 * card.chart()->width());
        QXmlStreamReader drawing(card.svg());
        int shapes = 0, pictures = 0;
        QString text;
        while (!drawing.atEnd()) {
            drawing.readNext();
            if (drawing.isStartElement()) {
                shapes += QStringList {u"path"_s, u"polyline"_s, u"polygon"_s, u"rect"_s}.contains(drawing.name());
                pictures += drawing.name() == u"image"_s;
            }
            if (drawing.isCharacters())
                text += drawing.text();
        }
        QVERIFY2(!drawing.hasError(), qPrintable(drawing.errorString()));
        QVERIFY2(shapes > 5 && pictures == 0, qPrintable(u"%1 shapes, %2 pictures"_s.arg(shapes).arg(pictures))); // lines and areas, no picture of them
        QVERIFY(text.contains(u"USD a minute"_s));
    }

    void filesAreWrittenWholeOrNotAtAll()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"cost.csv"_s);
        QCOMPARE(writeWhole(path, "a,b\r\n"), QString());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("a,b\r\n"));
        QVERIFY(writeWhole(folder.filePath(u"none/cost.csv"_s), "x").startsWith(u"Cannot write"_s));
    }

    /// A click chooses a bin and the part that was pointed at; a drag asks for its range and chooses nothing.
    void clicksChooseBins()
    {
        ChartLink link;
        TimeSeriesView chart(TimeSeriesView::Kind::StackedArea);
        chart.resize(500, 260);
        chart.setLink(&link);
        chart.setChoosable(true);
        ChartData data = minutes(60, 3);
        data.series.append({u"upper"_s, u"Upper"_s, 1, QList<double>(60, 3.0), {}});
        chart.setData(data);
        chart.show();
        chart.grab();
        QSignalSpy chosen(&chart, &TimeSeriesView::binChosen), asked(&link, &ChartLink::rangeRequested);
        const QRect plot = chart.plotArea();
        QTest::mouseClick(chart.childAt(plot.center()), Qt::LeftButton, {}, QPoint(plot.left() + 2, plot.bottom() - 3));
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().at(0).toLongLong(), data.startMs);
        QCOMPARE(chosen.first().at(1).toLongLong(), data.startMs + data.stepMs);
        QCOMPARE(chosen.first().at(2).toString(), data.series.front().id);
        QTest::mouseClick(chart.childAt(plot.center()), Qt::LeftButton, {}, QPoint(plot.left() + 2, plot.bottom() + 1 - int(plot.height() * 7.5 / chart.axisTop())));
        QCOMPARE(chosen.takeLast().at(2).toString(), u"upper"_s);
        chart.setSolo(u"upper"_s);
        QTest::keyClick(&chart, Qt::Key_Left);
        QTest::keyClick(&chart, Qt::Key_Return);
        QCOMPARE(chosen.takeLast().at(2).toString(), u"upper"_s);
        QCOMPARE(asked.size(), 0);
    }

    void markersLabelsStayInTheChart_data()
    {
        QTest::addColumn<int>("x");
        QTest::addColumn<int>("width");
        QTest::addColumn<QRect>("where");
        QTest::newRow("left of it") << 300 << 100 << QRect(194, 16, 100, 16);
        QTest::newRow("right of it at the left edge") << 60 << 100 << QRect(72, 16, 100, 16);
        QTest::newRow("at the right edge") << 449 << 100 << QRect(343, 16, 100, 16);
        QTest::newRow("on the wider side where it fits on none") << 200 << 390 << QRect(212, 16, 237, 16);
        QTest::newRow("and that may be the left one") << 300 << 390 << QRect(50, 16, 244, 16);
    }
    void markersLabelsStayInTheChart()
    {
        QFETCH(int, x);
        QFETCH(int, width);
        QTEST(markerLabelRect(QRect(50, 20, 400, 200), x, width), "where");
    }

    void ticksOfAYearAreMonths()
    {
        const QDateTime from(QDate(2025, 11, 17), QTime(14, 32));
        const auto ticks = timeTicks(from.toMSecsSinceEpoch(), from.addDays(365).toMSecsSinceEpoch(), 7);
        QVERIFY(ticks.size() >= 3 && ticks.size() <= 7);
        for (const qint64 tick : ticks)
            QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick).date().day(), 1);
    }

    void theWheelScrollsAFormAndNotItsFields()
    {
        QScrollArea area;
        auto *form = new QWidget;
        auto *column = new QVBoxLayout(form);
        auto *first = new QLineEdit;
        auto *number = new QSpinBox;
        auto *choice = new QComboBox;
        choice->addItems({u"a"_s, u"b"_s, u"c"_s});
        for (QWidget *field : {static_cast<QWidget *>(first), static_cast<QWidget *>(number), static_cast<QWidget *>(choice)})
            column->addWidget(field);
        column->addSpacing(2000);
        area.setWidget(form);
        area.setWidgetResizable(true);
        area.resize(300, 200);
        area.show();
        QVERIFY(QTest::qWaitForWindowActive(&area));
        first->setFocus();
        for (QWidget *field : {static_cast<QWidget *>(number), static_cast<QWidget *>(choice)}) {
            area.verticalScrollBar()->setValue(0);
            turnWheel(field);
            QVERIFY(area.verticalScrollBar()->value() > 0);
            QVERIFY(first->hasFocus());
        }
        QCOMPARE(number->value(), 0);
        QCOMPARE(choice->currentIndex(), 0);
        number->setFocus();
        number->setValue(5);
        area.verticalScrollBar()->setValue(0);
        turnWheel(number);
        QCOMPARE(number->value(), 4);
    }

private:
    static void turnWheel(QWidget *over)
    {
        const QPointF at = over->rect().center();
        QWheelEvent event(at, over->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&event); // else it is not handed on to parents
        qApp->notify(over, &event);
    }

    Theme *m_theme = nullptr;
};

QTEST_MAIN(tst_Widgets)
#include "tst_widgets.moc"
