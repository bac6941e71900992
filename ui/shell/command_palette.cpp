// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::shell {
namespace {

using widgets::colorsOf;
using widgets::Icon;
using widgets::textFont;

enum PaletteRole { EntryRole = Qt::UserRole, HeadingRole, NoteRole, KeysRole, IconRole, FromRole, LengthRole };

constexpr int mostShown = 60;

class PaletteDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {200, 28}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const widgets::ThemeColors &c = colorsOf(option.palette);
        const QRect row = option.rect;
        const QString text = index.data().toString();
        if (index.data(HeadingRole).toBool()) {
            painter->setFont(textFont(11, QFont::DemiBold));
            painter->setPen(c.muted);
            painter->drawText(row.adjusted(12, 4, -12, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
            return;
        }
        if (option.state & QStyle::State_Selected)
            painter->fillRect(row, c.selection);
        widgets::paintIcon(painter, Icon(index.data(IconRole).toInt()), QRectF(row.x() + 12, row.center().y() - 7, 16, 16), c.muted);
        int x = paintMatch(painter, row, text, index.data(FromRole).toInt(), index.data(LengthRole).toInt(), c);
        const QString keys = option.state & QStyle::State_Selected && index.data(KeysRole).toString().isEmpty() ? QObject::tr("Enter") : index.data(KeysRole).toString();
        const int right = row.right() - 12 - (keys.isEmpty() ? 0 : widgets::paintKeyHint(painter, row.right() - 12, row.center().y() + 1, keys, c) + 8);
        painter->setFont(textFont(12));
        painter->setPen(c.muted);
        const QRect note(x + 10, row.y(), qMax(0, right - x - 10), row.height());
        painter->drawText(note, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(index.data(NoteRole).toString(), Qt::ElideRight, note.width()));
    }

private:
    static int paintMatch(QPainter *painter, const QRect &row, const QString &text, int from, int length, const widgets::ThemeColors &c)
    {
        int x = row.x() + 36;
        const auto piece = [&](const QString &words, bool marked) {
            painter->setFont(textFont(13, marked ? QFont::DemiBold : QFont::Normal));
            painter->setPen(marked ? c.accent : c.text);
            painter->drawText(QRect(x, row.y(), row.right() - x, row.height()), Qt::AlignVCenter | Qt::AlignLeft, words);
            x += painter->fontMetrics().horizontalAdvance(words);
        };
        piece(text.left(from), false);
        piece(text.mid(from, length), true);
        piece(text.mid(from + length), false);
        return x;
    }
};

/// Lower is better: a match at the start, at a word's start, anywhere; none: negative.
int rank(const QString &text, const QString &typed, qsizetype *from)
{
    *from = text.indexOf(typed, 0, Qt::CaseInsensitive);
    if (*from < 0)
        return -1;
    if (*from == 0)
        return 0;
    return text.at(*from - 1).isLetterOrNumber() ? 2 : 1;
}

class PaletteScrim final : public QWidget
{
public:
    explicit PaletteScrim(QWidget *window) : QWidget(window) { hide(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), colorsOf(this).shade);
    }
};

QWidget *footer(widgets::Label *found)
{
    class Hints final : public QWidget
    {
    protected:
        void paintEvent(QPaintEvent *) override
        {
            const widgets::ThemeColors &c = colorsOf(this);
            QPainter painter(this);
            painter.fillRect(0, 0, width(), 1, c.line);
            int right = width() - 12;
            const auto word = [&](const QString &text) {
                painter.setFont(textFont(12));
                painter.setPen(c.muted);
                const int w = painter.fontMetrics().horizontalAdvance(text);
                painter.drawText(QRect(right - w, 0, w + 2, height()), Qt::AlignVCenter, text);
                right -= w + 6;
            };
            const auto key = [&](const QString &text) { right -= widgets::paintKeyHint(&painter, right, height() / 2, text, c) + 4; };
            word(QObject::tr("run"));
            key(QObject::tr("Enter"));
            right -= 8;
            word(QObject::tr("choose"));
            key(u"↓"_s);
            key(u"↑"_s);
        }
    };
    auto *bar = new Hints;
    bar->setFixedHeight(32);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 1, 12, 0);
    row->addWidget(found);
    row->addStretch(1);
    return bar;
}

} // namespace

CommandPalette::CommandPalette(QWidget *window) :
    QFrame(window), m_input(new QLineEdit), m_list(new QListView), m_model(new QStandardItemModel(this)), m_found(new widgets::Label(widgets::Label::Kind::Secondary)),
    m_scrim(new PaletteScrim(window))
{
    setObjectName(u"palette"_s);
    hide();
    m_input->setObjectName(u"palette.input"_s);
    m_input->setFrame(false);
    m_input->setFont(textFont(16));
    m_input->setPlaceholderText(tr("Go to a pane, a route, a key, or run an action"));
    m_input->setAccessibleName(tr("Command palette"));
    m_input->setFixedHeight(44);
    m_input->setTextMargins(36, 0, 48, 0);
    m_input->installEventFilter(this);
    m_list->setObjectName(u"palette.list"_s);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(m_input);
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addSpacing(4);
    column->addWidget(m_list, 1);
    column->addWidget(footer(m_found));
    m_scrim->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::match);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
}

void CommandPalette::openWith(const QList<panes::PaletteEntry> &entries)
{
    m_entries = entries;
    m_before = QApplication::focusWidget();
    m_input->clear();
    match({});
    place();
    m_scrim->show();
    m_scrim->raise();
    show();
    raise();
    m_input->setFocus();
}

void CommandPalette::match(const QString &typed)
{
    struct Hit
    {
        qsizetype entry, from;
        int rank;
    };
    QList<Hit> hits;
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        qsizetype from = 0;
        const int found = typed.isEmpty() ? 0 : rank(m_entries.at(i).text, typed, &from);
        if (found >= 0)
            hits.append({i, from, found});
    }
    m_model->clear();
    QStringList sections;
    for (const Hit &hit : std::as_const(hits))
        if (!sections.contains(m_entries.at(hit.entry).section))
            sections.append(m_entries.at(hit.entry).section);
    std::stable_sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.rank < b.rank; });
    for (const QString &section : std::as_const(sections)) {
        auto *heading = new QStandardItem(section);
        heading->setData(true, HeadingRole);
        heading->setFlags(Qt::NoItemFlags);
        m_model->appendRow(heading);
        for (const Hit &hit : std::as_const(hits)) {
            const panes::PaletteEntry &entry = m_entries.at(hit.entry);
            if (entry.section != section || m_model->rowCount() > mostShown)
                continue;
            auto *item = new QStandardItem(entry.text);
            item->setData(hit.entry, EntryRole);
            item->setData(entry.note, NoteRole);
            item->setData(entry.keys, KeysRole);
            item->setData(int(entry.icon), IconRole);
            item->setData(hit.from, FromRole);
            item->setData(typed.size(), LengthRole);
            m_model->appendRow(item);
        }
    }
    m_found->setText(tr("%1 found").arg(hits.size()));
    m_list->setCurrentIndex(m_model->index(hits.isEmpty() ? -1 : 1, 0));
}

void CommandPalette::move(int step)
{
    int row = m_list->currentIndex().row() + step;
    while (row >= 0 && row < m_model->rowCount() && m_model->index(row, 0).data(HeadingRole).toBool())
        row += step > 0 ? 1 : -1;
    if (row >= 0 && row < m_model->rowCount())
        m_list->setCurrentIndex(m_model->index(row, 0));
}

void CommandPalette::run(const QModelIndex &index)
{
    if (!index.isValid() || index.data(HeadingRole).toBool())
        return;
    const auto work = m_entries.at(index.data(EntryRole).toLongLong()).run;
    closePalette();
    if (work)
        work();
}

void CommandPalette::closePalette()
{
    hide();
    m_scrim->hide();
    if (m_before)
        m_before->setFocus();
}

void CommandPalette::place()
{
    m_scrim->setGeometry(parentWidget()->rect());
    const int w = qMin(560, parentWidget()->width() - 80), h = qMin(440, parentWidget()->height() - 120);
    setGeometry((parentWidget()->width() - w) / 2, 72, w, h);
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched == m_scrim && event->type() == QEvent::MouseButtonPress) {
        closePalette();
        return true;
    }
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Escape: closePalette(); return true;
        case Qt::Key_Up: move(-1); return true;
        case Qt::Key_Down: move(1); return true;
        case Qt::Key_PageUp: move(-8); return true;
        case Qt::Key_PageDown: move(8); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: run(m_list->currentIndex()); return true;
        default: break;
        }
    }
    if (watched == m_input && event->type() == QEvent::FocusOut && isVisible() && !isAncestorOf(QApplication::focusWidget()))
        closePalette();
    if (watched == m_input && event->type() == QEvent::Paint) {
        // The line edit paints itself first; icon and key hint go on top.
        m_input->removeEventFilter(this);
        QApplication::sendEvent(m_input, event);
        m_input->installEventFilter(this);
        const widgets::ThemeColors &c = colorsOf(this);
        QPainter painter(m_input);
        widgets::paintIcon(&painter, Icon::Search, QRectF(12, m_input->height() / 2.0 - 8, 16, 16), c.muted);
        widgets::paintKeyHint(&painter, m_input->width() - 12, m_input->height() / 2, tr("Esc"), c);
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    widgets::paintFrame(&painter, rect(), c.surface, c.control, 6);
}

} // namespace ui::shell
