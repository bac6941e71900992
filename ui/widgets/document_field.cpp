// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/document_field.h"

#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyle>

namespace ui::widgets {

namespace {

constexpr int padding = 12, symbol = 16, gap = 10;
constexpr qint64 largest = 64 * 1024;

QString localFile(const QMimeData *data)
{
    return data->hasUrls() && data->urls().size() == 1 ? data->urls().constFirst().toLocalFile() : QString();
}

} // namespace

DocumentField::DocumentField(const QString &invitation, QWidget *parent) : QWidget(parent), m_invitation(invitation), m_choose(new Button(tr("Choose file…")))
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(sizeHint().height());
    setAcceptDrops(true);
    m_choose->setSmall(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(padding, 0, padding, 0);
    row->addStretch(1);
    row->addWidget(m_choose);
    connect(m_choose, &QPushButton::clicked, this, &DocumentField::chooseFile);
}

void DocumentField::setContent(const QString &title, const QString &note)
{
    m_title = title;
    m_note = note;
    m_choose->setText(title.isEmpty() ? tr("Choose file…") : tr("Replace…"));
    setAccessibleDescription(title.isEmpty() ? m_invitation : title + QStringLiteral(", ") + note);
    update();
}

void DocumentField::setEditable(bool editable)
{
    m_editable = editable;
    m_choose->setEnabled(editable);
    setAcceptDrops(editable);
}

void DocumentField::chooseFile()
{
    auto *dialog = new QFileDialog(window(), tr("Choose the file"), QString(), tr("JSON (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &DocumentField::readFile);
    dialog->open();
}

void DocumentField::readFile(const QString &path)
{
    QFile file(path);
    const QString name = QFileInfo(path).fileName();
    if (!file.open(QIODevice::ReadOnly)) {
        Q_EMIT refused(tr("%1 cannot be read: %2.").arg(name, file.errorString()));
        return;
    }
    const QByteArray text = file.read(largest + 1);
    if (text.size() > largest)
        Q_EMIT refused(tr("%1 is over 64 KB: it is another file than is meant.").arg(name));
    else
        take(QString::fromUtf8(text));
}

void DocumentField::take(const QString &text)
{
    if (!text.trimmed().isEmpty())
        Q_EMIT given(text);
}

void DocumentField::keyPressEvent(QKeyEvent *event)
{
    if (m_editable && event->matches(QKeySequence::Paste))
        take(QGuiApplication::clipboard()->text());
    else if (m_editable && !empty() && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        Q_EMIT cleared();
    else
        QWidget::keyPressEvent(event);
}

void DocumentField::dragEnterEvent(QDragEnterEvent *event)
{
    m_hovered = event->mimeData()->hasText() || !localFile(event->mimeData()).isEmpty();
    if (m_hovered)
        event->acceptProposedAction();
    update();
}

void DocumentField::dragLeaveEvent(QDragLeaveEvent *)
{
    m_hovered = false;
    update();
}

void DocumentField::dropEvent(QDropEvent *event)
{
    m_hovered = false;
    update();
    event->acceptProposedAction();
    const QString path = localFile(event->mimeData());
    if (!path.isEmpty())
        readFile(path);
    else
        take(event->mimeData()->text());
}

void DocumentField::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    const bool invalid = isInvalid(this);
    paintFrame(&painter, rect(), m_hovered ? c.selection : c.surface, invalid ? c.err : m_hovered ? c.accent : c.control);
    const QRect mark(padding, (height() - symbol) / 2, symbol, symbol);
    paintIcon(&painter, invalid ? Icon::Error : empty() ? Icon::File : Icon::Ok, QStyle::visualRect(layoutDirection(), rect(), mark), invalid ? c.err : empty() ? c.muted : c.ok);
    const QRect words = QStyle::visualRect(layoutDirection(), rect(), rect().adjusted(mark.right() + gap, 0, -m_choose->width() - padding - gap, 0));
    const auto line = [&](const QFont &font, const QColor &color, const QRect &where, const QString &text) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(where, Qt::AlignVCenter | Qt::AlignLeft, painter.fontMetrics().elidedText(text, Qt::ElideMiddle, where.width()));
    };
    if (empty()) {
        painter.setFont(textFont(13));
        painter.setPen(c.muted);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap, m_invitation);
    } else {
        line(monoFont(12), c.text, QRect(words.left(), 9, words.width(), 19), m_title);
        line(textFont(12), c.muted, QRect(words.left(), 28, words.width(), 18), m_note);
    }
    if (hasFocus())
        paintFocusRing(&painter, rect(), c.accent);
}

} // namespace ui::widgets
