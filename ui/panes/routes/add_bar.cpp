// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/add_bar.h"

#include "ui/panes/routes/canvas_paint.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDrag>
#include <QEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

AddBar::AddBar(QWidget *parent) : Panel(Role::Surface, Qt::BottomEdge, parent), m_overlay(new QCheckBox(tr("Live overlay"))), m_view(new SegmentedControl({tr("Canvas"), tr("YAML")}))
{
    setFixedHeight(37);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(0);
    m_label = new Label(Label::Kind::Field, tr("Add"));
    row->addWidget(m_label);
    row->addSpacing(8);
    addButton(NodeKind::When, tr("When"), u"when"_s, tr("Another way for calls of which something is true"));
    addButton(NodeKind::Split, tr("Split"), u"split"_s, tr("Splits the calls between what is chosen and another model"));
    addButton(NodeKind::Balance, tr("Balance"), u"balance"_s, tr("Chooses the best of what is chosen and another model for each call"));
    addButton(NodeKind::Chain, tr("Chain"), u"chain"_s, tr("A chain of what is chosen and another model: tried in order"));
    addButton(NodeKind::Target, tr("Model"), u"model"_s, tr("Another model beside or below what is chosen"));
    addButton(NodeKind::Limit, tr("Limit"), u"limit"_s, tr("Goes this way only while a rate or an amount is not used up"));
    addButton(NodeKind::Route, tr("Route"), u"route"_s, tr("Goes on as another route"));
    row->addStretch(1);
    m_overlay->setObjectName(u"routes.overlay"_s);
    m_overlay->setChecked(true);
    m_overlay->setFont(textFont(12));
    row->addWidget(m_overlay);
    row->addSpacing(16);
    m_view->setSmall(true);
    m_view->setObjectName(u"routes.view"_s);
    row->addWidget(m_view);
}

void AddBar::addButton(NodeKind kind, const QString &text, const QString &name, const QString &tip)
{
    auto *button = new Button(Button::Kind::Flat, iconOf(kind), text);
    button->setSmall(true);
    button->setObjectName(u"routes.add.%1"_s.arg(name));
    button->setAccessibleName(tr("Add %1").arg(text));
    button->setToolTip(tr("%1. Click, or drag it into the picture.").arg(tip));
    button->installEventFilter(this);
    connect(button, &QPushButton::clicked, this, [this, kind] { Q_EMIT insertWanted(kind); });
    layout()->addWidget(button);
    m_buttons << button;
    m_texts << text;
    m_kinds << kind;
}

void AddBar::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    const bool narrow = width() < 760; // signs alone: their names stay as tool tips
    m_label->setVisible(!narrow);
    for (int i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setText(narrow ? QString() : m_texts[i]);
}

void AddBar::enable()
{
    for (int i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setEnabled(m_editable && !m_yaml && (m_kinds[i] != NodeKind::Route || m_possible));
}

void AddBar::setEditable(bool editable)
{
    m_editable = editable;
    enable();
}

void AddBar::setReferencePossible(bool possible)
{
    m_possible = possible;
    enable();
    m_buttons[m_kinds.indexOf(NodeKind::Route)]->setToolTip(possible ? tr("Goes on as another route. Click, or drag it into the picture.") : tr("There is no other route to go on as, or each would lead back here."));
}

void AddBar::setYaml(bool yaml)
{
    m_yaml = yaml;
    m_overlay->setVisible(!yaml);
    enable();
}

bool AddBar::eventFilter(QObject *watched, QEvent *event)
{
    const auto index = m_buttons.indexOf(static_cast<Button *>(watched));
    if (index < 0)
        return Panel::eventFilter(watched, event);
    if (event->type() == QEvent::MouseButtonPress) {
        m_pressedAt = static_cast<QMouseEvent *>(event)->position().toPoint();
    } else if (event->type() == QEvent::MouseMove) {
        const auto *move = static_cast<QMouseEvent *>(event);
        if ((move->buttons() & Qt::LeftButton) && (move->position().toPoint() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
            m_buttons[index]->setDown(false);
            auto *drag = new QDrag(this);
            auto *carried = new QMimeData;
            carried->setData(QLatin1StringView(insertMime), QByteArray::number(static_cast<int>(m_kinds[index])));
            drag->setMimeData(carried);
            drag->setPixmap(m_buttons[index]->grab());
            drag->exec(Qt::CopyAction);
            return true;
        }
    }
    return Panel::eventFilter(watched, event);
}

CanvasFooter::CanvasFooter(RouteCanvas *canvas) : QWidget(canvas), m_canvas(canvas), m_percent(new Button(u"100 %"_s))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 0, 0);
    row->setSpacing(4);
    auto *out = Button::iconOnly(Icon::Minus, tr("Smaller"));
    auto *in = Button::iconOnly(Icon::Plus, tr("Larger"));
    auto *fit = new Button(Icon::Fit, tr("Fit"));
    fit->setKeyHint(u"Ctrl+0"_s);
    m_percent->setToolTip(tr("Fit"));
    m_percent->setAccessibleName(tr("Zoom"));
    m_percent->setMinimumWidth(60);
    for (Button *button : {out, m_percent, in, fit}) {
        button->setSmall(true);
        button->setFocusPolicy(Qt::NoFocus); // the picture has the keys
    }
    row->addWidget(out);
    row->addWidget(m_percent);
    row->addWidget(in);
    row->addSpacing(8);
    row->addWidget(fit);
    row->addStretch(1);
    connect(out, &QPushButton::clicked, canvas, &RouteCanvas::zoomOut);
    connect(in, &QPushButton::clicked, canvas, &RouteCanvas::zoomIn);
    connect(fit, &QPushButton::clicked, canvas, &RouteCanvas::fit);
    connect(m_percent, &QPushButton::clicked, canvas, &RouteCanvas::fit);
    connect(canvas, &RouteCanvas::zoomChanged, this, [this] { m_percent->setText(tr("%1 %").arg(m_canvas->zoomPercent())); });
    canvas->installEventFilter(this);
    place();
}

bool CanvasFooter::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_canvas && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        place();
    return QWidget::eventFilter(watched, event);
}

void CanvasFooter::place() { setGeometry(0, m_canvas->height() - 44, m_canvas->width(), 32); }

/// What stands beside the zoom, as far as there is room: the last of them first.
void CanvasFooter::paintEvent(QPaintEvent *)
{
    struct Entry
    {
        QString text;
        int sign;
    };
    const QList<Entry> entries {{tr("width: traffic"), 0}, {tr("errors"), 1}, {tr("on error"), 2}, {tr("circuit open"), 3}, {tr("half-open"), 4}};
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setFont(textFont(11));
    const QFontMetrics metrics(painter.font());
    const Mirror at(QRectF(rect()), layoutDirection() == Qt::RightToLeft);
    const double y = height() / 2;
    const auto fill = [&](double x, double top, double w, double h, const QColor &color) { painter.fillRect(at(QRectF(x, top, w, h)), color); };
    int x = width() - 16;
    for (qsizetype i = entries.size() - 1; i >= 0; --i) {
        const int text = metrics.horizontalAdvance(entries[i].text);
        const int sign = entries[i].sign == 0 || entries[i].sign == 1 ? 34 : entries[i].sign == 2 ? 22 : 14;
        if (x - text - sign - 8 < 300)
            break;
        x -= text;
        painter.setPen(c.muted);
        painter.drawText(at(QRectF(x, 0, text + 2, height())), int(Qt::AlignVCenter | Qt::AlignAbsolute | at.before()), entries[i].text);
        x -= sign + 6;
        switch (entries[i].sign) {
        case 0:
            fill(x, y, 14, 2, c.control);
            fill(x + 14, y - 3, 20, 7, c.control);
            break;
        case 1:
            fill(x, y, 10, 2, c.ok);
            fill(x + 12, y, 10, 2, c.warn);
            fill(x + 24, y, 10, 2, c.err);
            break;
        case 2:
            for (int k = 0; k < 4; ++k)
                fill(x + k * 6, y, 4, 2, c.control);
            break;
        case 3: paintIcon(&painter, Icon::CircuitOpen, at(QRectF(x, y - 7, 14, 14)), c.muted); break;
        default: paintIcon(&painter, Icon::HalfOpen, at(QRectF(x, y - 7, 14, 14)), c.muted); break;
        }
        x -= 14;
    }
}

} // namespace ui::routes
