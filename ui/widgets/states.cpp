// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/states.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QProgressBar>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

namespace ui::widgets {
namespace {

/// A signal beside a track, with the dashed way of a call that has not come yet.
void paintSignal(QPainter *painter, const QRect &where, const ThemeColors &c)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(where.center().x() - 56, where.y());
    painter->setPen(QPen(c.control, 1.5));
    painter->drawLine(QPointF(0, 42), QPointF(112, 42));
    for (int x = 6; x <= 106; x += 20)
        painter->drawLine(QPointF(x, 42), QPointF(x - 4, 49));
    painter->drawLine(QPointF(56, 42), QPointF(56, 14));
    painter->setBrush(c.surface);
    painter->drawRect(QRectF(50, 2, 12, 12));
    painter->setPen(QPen(c.control, 1.5, Qt::CustomDashLine));
    QPen dashes(c.control, 1.5);
    dashes.setDashPattern({3, 2.5});
    painter->setPen(dashes);
    painter->setBrush(Qt::NoBrush);
    QPainterPath left(QPointF(12, 42)), right(QPointF(66, 42));
    left.cubicTo(26, 40, 32, 28, 48, 28);
    right.cubicTo(82, 41, 90, 32, 108, 32);
    painter->drawPath(left);
    painter->drawPath(right);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.accent);
    painter->drawEllipse(QPointF(56, 8), 3, 3);
    painter->restore();
}

const QString veilName = QStringLiteral("dimmed");

/// Lies over stale data. A veil, not an opacity effect: views that paint opaque would leave what was there before.
class Veil final : public QWidget
{
public:
    explicit Veil(QWidget *over) : QWidget(over)
    {
        setObjectName(veilName);
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setGeometry(over->rect());
        over->installEventFilter(this);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QColor color = colorsOf(this).surface;
        color.setAlphaF(0.55F);
        QPainter painter(this);
        painter.fillRect(rect(), color);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) {
            setGeometry(parentWidget()->rect());
            raise();
        }
        return QWidget::eventFilter(watched, event);
    }
};

struct BannerLook
{
    QColor fill, border, icon;
    Icon symbol;
};

BannerLook bannerLook(SectionBanner::Kind kind, const ThemeColors &c)
{
    switch (kind) {
    case SectionBanner::Kind::Error: return {c.errBg, c.err, c.err, Icon::Error};
    case SectionBanner::Kind::Warning: return {c.warnBg, c.warn, c.warn, Icon::Info};
    case SectionBanner::Kind::Info: return {c.infoBg, c.accent, c.accent, Icon::Info};
    case SectionBanner::Kind::Success: return {c.okBg, c.ok, c.ok, Icon::Ok};
    }
    return {c.infoBg, c.accent, c.accent, Icon::Info};
}

} // namespace

EmptyState::EmptyState(const QString &sentence, QWidget *parent) :
    QWidget(parent), m_sentence(new Label(Label::Kind::Body, sentence)), m_note(new Label(Label::Kind::Secondary)), m_pictureSpace(new QWidget)
{
    m_pictureSpace->setFixedSize(120, 56);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_note->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(8);
    column->addStretch(1);
    column->addWidget(m_pictureSpace, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_sentence);
    column->addWidget(m_note);
    column->addSpacing(4);
    column->addStretch(1);
}

void EmptyState::setSentence(const QString &sentence) { m_sentence->setText(sentence); }

void EmptyState::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void EmptyState::setPicture(bool picture) { m_pictureSpace->setVisible(picture); }

Button *EmptyState::setAction(Icon icon, const QString &text, Button::Kind kind)
{
    if (m_action)
        m_action->deleteLater();
    m_action = new Button(kind, icon, text, this);
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->insertWidget(column->count() - 1, m_action, 0, Qt::AlignHCenter);
    connect(m_action, &QPushButton::clicked, this, &EmptyState::actionTriggered);
    return m_action;
}

void EmptyState::paintEvent(QPaintEvent *)
{
    if (!m_pictureSpace->isVisible())
        return;
    QPainter painter(this);
    paintSignal(&painter, m_pictureSpace->geometry(), colorsOf(this));
}

SkeletonView::SkeletonView(int rowHeight, QWidget *parent) :
    QWidget(parent), m_rowHeight(rowHeight), m_delay(new QTimer(this)), m_long(new QTimer(this)), m_footer(new QWidget(this)),
    m_text(new Label(Label::Kind::Secondary)), m_bar(new QProgressBar)
{
    m_delay->setSingleShot(true);
    m_long->setSingleShot(true);
    m_text->setRole(Role::Text);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    auto *cancel = new Button(tr("Cancel"));
    cancel->setKeyHint(tr("Esc"));
    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_text);
    words->addWidget(m_bar);
    auto *row = new QHBoxLayout(m_footer);
    row->setContentsMargins(16, 8, 12, 8);
    row->setSpacing(12);
    row->addLayout(words, 1);
    row->addWidget(cancel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(1);
    column->addWidget(m_footer);
    m_footer->hide();
    hide();
    connect(m_delay, &QTimer::timeout, this, [this] {
        m_blocks = true;
        update();
    });
    connect(m_long, &QTimer::timeout, m_footer, &QWidget::show);
    connect(cancel, &QPushButton::clicked, this, [this] {
        end();
        Q_EMIT cancelled();
    });
}

void SkeletonView::setShape(Shape shape)
{
    m_shape = shape;
    update();
}

void SkeletonView::begin(const QString &what)
{
    m_waiting = true;
    m_blocks = false;
    m_text->setText(what);
    m_bar->setRange(0, 0);
    m_delay->start(150);
    if (!what.isEmpty())
        m_long->start(2000);
    show();
}

void SkeletonView::setProgress(double share)
{
    m_bar->setRange(0, share < 0 ? 0 : 1000);
    m_bar->setValue(int(share * 1000));
}

void SkeletonView::end()
{
    m_waiting = false;
    m_blocks = false;
    m_delay->stop();
    m_long->stop();
    m_footer->hide();
    hide();
}

void SkeletonView::paintEvent(QPaintEvent *)
{
    if (!m_blocks)
        return;
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.skeleton);
    const int bottom = m_footer->isVisible() ? m_footer->y() : height();
    if (m_footer->isVisible())
        painter.fillRect(0, bottom, width(), 1, c.line);
    if (m_shape == Shape::Chart)
        paintHills(&painter, bottom);
    else
        paintRows(&painter, bottom);
}

void SkeletonView::paintRows(QPainter *painter, int bottom) const
{
    // The widths look like names and figures of a table, and are the same each time.
    constexpr std::array wobble {0.9, 0.72, 0.94, 0.66, 0.84, 0.79};
    constexpr std::array starts {0.0, 0.2, 0.4, 0.66, 0.86};
    constexpr std::array widths {0.16, 0.14, 0.21, 0.08, 0.12};
    const double across = width() - 32;
    for (int row = 0; (row + 1) * m_rowHeight <= bottom; ++row)
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const double w = across * widths.at(i) * wobble.at((std::size_t(row) + i * 2) % wobble.size());
            painter->drawRoundedRect(QRectF(16 + across * starts.at(i), row * m_rowHeight + m_rowHeight / 2.0 - 5, w, 10), 3, 3);
        }
}

void SkeletonView::paintHills(QPainter *painter, int bottom) const
{
    // Where a chart has its axis (TimeSeriesView's margins), the same each time.
    constexpr std::array hills {0.42, 0.47, 0.44, 0.52, 0.49, 0.46, 0.55, 0.68, 0.74, 0.66, 0.54, 0.5, 0.47, 0.51, 0.45, 0.48, 0.53, 0.58, 0.6, 0.55};
    const QRectF plot(57, 8, width() - 102, bottom - 36);
    for (int tick = 0; tick < 4; ++tick)
        painter->drawRoundedRect(QRectF(24, plot.top() + plot.height() * tick / 4, 24, 8), 3, 3);
    const double across = plot.width() / double(hills.size());
    for (std::size_t i = 0; i < hills.size(); ++i) {
        const double height = plot.height() * hills.at(i);
        painter->drawRoundedRect(QRectF(plot.left() + across * double(i), plot.bottom() - height, across - 4, height), 3, 3);
    }
}

SectionBanner::SectionBanner(Kind kind, QWidget *parent) :
    QWidget(parent), m_kind(kind), m_headline(new Label(Label::Kind::Strong)), m_detail(new Label(Label::Kind::Secondary)),
    m_lastGood(new Label(Label::Kind::Secondary)), m_aside(new Label(Label::Kind::Secondary)), m_actionRow(new QWidget), m_actions(new QHBoxLayout(m_actionRow))
{
    m_headline->setWordWrap(true);
    m_detail->setRole(Role::Text);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_actions->setContentsMargins(0, 4, 0, 0);
    m_actions->addStretch(1);
    m_actions->addWidget(m_aside);
    m_actionRow->hide();
    auto *first = new QHBoxLayout;
    first->addWidget(m_headline, 1);
    first->addWidget(m_lastGood, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    column->setContentsMargins(mirrored ? 12 : 38, 10, mirrored ? 38 : 12, 10);
    column->setSpacing(4);
    column->addLayout(first);
    column->addWidget(m_detail);
    column->addWidget(m_actionRow);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void SectionBanner::setContent(const QString &headline, const QString &detail, const QString &aside)
{
    m_headline->setText(headline);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    m_lastGood->setText(aside);
    setAccessibleName(headline + QLatin1Char(' ') + detail);
}

void SectionBanner::setKind(Kind kind)
{
    m_kind = kind;
    update();
}

QString SectionBanner::headline() const { return m_headline->text(); }

Button *SectionBanner::addAction(Icon icon, const QString &text, Button::Kind kind)
{
    auto *button = new Button(kind, icon, text);
    button->setSmall(true);
    m_actions->insertWidget(m_actions->count() - 2, button);
    if (m_actionRow->isHidden())
        m_actionRow->show();
    return button;
}

void SectionBanner::addRetry()
{
    connect(addAction(Icon::Refresh, tr("Retry"), Button::Kind::Primary), &QPushButton::clicked, this, &SectionBanner::retried);
    connect(addAction(Icon::Copy, tr("Copy details")), &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_headline->text() + QLatin1Char('\n') + m_detail->text() + QLatin1Char('\n') + m_lastGood->text()); });
}

void SectionBanner::setAside(const QString &text) { m_aside->setText(text); }

void SectionBanner::paintEvent(QPaintEvent *)
{
    const BannerLook l = bannerLook(m_kind, colorsOf(this));
    QPainter painter(this);
    paintFrame(&painter, rect(), l.fill, l.border);
    paintIcon(&painter, l.symbol, QStyle::visualRect(layoutDirection(), rect(), QRect(13, 10, 16, 16)), l.icon);
}

void setDimmed(QWidget *widget, bool dimmed)
{
    auto *veil = widget->findChild<QWidget *>(veilName, Qt::FindDirectChildrenOnly);
    if (!dimmed) {
        delete veil;
        return;
    }
    if (!veil)
        veil = new Veil(widget);
    veil->show();
    veil->raise();
}

SelectionBar::SelectionBar(QWidget *parent) : QWidget(parent), m_text(new Label(Label::Kind::Strong)), m_row(new QHBoxLayout(this))
{
    setFixedHeight(44);
    m_row->setContentsMargins(12, 0, 8, 0);
    m_row->setSpacing(8);
    m_row->addWidget(m_text);
    m_row->addStretch(1);
    auto *close = Button::iconOnly(Icon::Close, tr("Clear the selection"), this, Button::Kind::Flat);
    m_row->addWidget(close);
    connect(close, &QPushButton::clicked, this, &SelectionBar::cleared);
    hide();
}

void SelectionBar::setCount(int count)
{
    m_text->setText(tr("%1 selected").arg(count));
    setVisible(count > 0);
}

Button *SelectionBar::addAction(Icon icon, const QString &text)
{
    auto *button = new Button(icon, text, this);
    button->setSmall(true);
    m_row->insertWidget(m_row->count() - 1, button);
    return button;
}

void SelectionBar::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.infoBg);
    painter.fillRect(0, height() - 1, width(), 1, c.line);
}

} // namespace ui::widgets
