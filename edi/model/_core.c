/* Reads loops that are right in every segment: the readers of `edi.model.reading` in C, for speed.

An engine without knowledge: which segments a loop has, which elements a segment has and what may
stand in them comes as tables from the declarations (`edi.model.core` makes them). What it hands
out equals what the generated Python would. Whatever is not right, or only perhaps, it refuses, and
then Python reads the whole loop anew, says what is wrong and keeps what can be kept. So nothing
here knows of issues, and without this module everything works the same, slower.

Lines are latin-1 strings; the line behind the last at hand is no latin-1, and ends every loop. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>

#define VERSION 1      /* of the tables; `edi.model.core` uses no other */
#define ELEMENTS 48    /* of a segment; what has more is refused */
#define CHILDREN 48    /* of a loop */
#define KINDS 96       /* of the mixed segments of a loop, together */

/* A short text as a number: up to seven bytes, and the length above them. 0: it is longer. */
typedef uint64_t Word;

typedef struct {
    const unsigned char *at;
    Py_ssize_t size;
} Span;

typedef struct {
    Word word;
    PyObject *text;
} Code;

typedef enum { STR, DECIMAL, INTEGER, DATE, TIME } Type;

/* What may stand in one element. */
typedef struct {
    Type type;
    Py_ssize_t least, most; /* bytes; most = 0: any number */
    int count;              /* of the codes; 0: any text */
    Code *codes;
} Atom;

typedef enum { ONE, PARTS, RUN, RUN_OF_PARTS, GROUPS } Shape;

typedef struct Program Program;

/* One attribute of a segment, composite or group. */
typedef struct {
    Py_ssize_t slot; /* where its value stands in the object */
    Shape shape;
    int pos, times, span;
    Atom *atoms;     /* ONE: one; RUN: `times` */
    Program **parts; /* PARTS, GROUPS: one; RUN_OF_PARTS: `times` */
} Field;

/* A syntax note; bits are positions. */
typedef struct {
    int kind;
    uint64_t first, all;
} Note;

/* A segment at one place of a guide, a composite in it, or a group of elements. */
struct Program {
    PyObject_HEAD
    PyTypeObject *cls;
    int width;
    uint64_t required, never, composed; /* positions; composed: components may stand there */
    int form, value;                    /* where a date and its format stand; 0: nowhere */
    int faults; /* 0: has none of its own; 1: asked about dates that are no D8; 2: always asked */
    int notes, fields;
    Note *note;
    Field *field;
};

/* One use of a mixed segment. */
typedef struct {
    PyObject *reader;
    int most, due; /* most = 0: any number */
} Kind;

typedef struct {
    Word word;
    int kind;
} Qualifier;

/* A segment or loop that stands in a loop. */
typedef struct {
    Py_ssize_t slot;
    Word tag;
    int at, words; /* the element with its qualifier; words = 0: none is asked for */
    Word *word;
    int repeats, loop, required;
    Py_ssize_t least, most; /* most = 0: any number */
    PyObject *reader;       /* a Program or Loop, or what makes one when it is first needed */
    int by, kinds, qualifiers, first; /* mixed: told by element `by`; `first` of the counts is ours */
    Kind *kind;
    Qualifier *qualifier;
} Child;

/* A segment that ends a loop. */
typedef struct {
    Word tag;
    int at, words;
    Word *word;
} Leave;

typedef struct {
    Py_ssize_t slot;
    int list;
} Slot;

typedef enum { NONE, ALWAYS, MAYBE, NESTED } Head;

/* A loop at its place in a guide. */
typedef struct {
    PyObject_HEAD
    PyTypeObject *cls;
    Py_ssize_t number; /* the slot of `at` */
    Head head;
    unsigned char separator, component;
    int slots, children, kinds, leaves;
    Slot *slot;
    Child *child;
    Leave *leave;
} Loop;

static PyTypeObject ProgramType, LoopType;

/* Where a reader stands: a line, cut into its elements. */
typedef struct {
    PyObject *lines;
    Py_ssize_t i, base;
    unsigned char separator, component;
    int end;           /* the line is none */
    int count;         /* elements, the identifier too; 0: too many */
    Word tag;
    uint64_t present;  /* elements that are not empty */
    uint64_t composed; /* elements with component separators */
    int doubtful;      /* a date that is not simply one */
    Span element[ELEMENTS];
} Stand;

/* ── words ── */

static inline Word word_of(const unsigned char *at, Py_ssize_t size) {
    if (size > 7)
        return 0;
    Word word = (Word)(size + 1) << 56;
    for (Py_ssize_t k = 0; k < size; k++)
        word |= (Word)at[k] << (8 * k);
    return word;
}

static int word_from(PyObject *text, Word *word) {
    if (!PyUnicode_Check(text) || PyUnicode_READY(text) < 0 || !PyUnicode_IS_ASCII(text)
        || PyUnicode_GET_LENGTH(text) > 7) {
        PyErr_SetString(PyExc_ValueError, "a code is an ASCII text of at most seven characters");
        return -1;
    }
    *word = word_of(PyUnicode_1BYTE_DATA(text), PyUnicode_GET_LENGTH(text));
    return 0;
}

static inline int among(Word word, const Word *words, int count) {
    for (int k = 0; k < count; k++)
        if (words[k] == word)
            return 1;
    return 0;
}

/* ── elements to values ── */

/* Values that were read lately, by their text. As small as the tables of `edi.model.values`: a
   benchmark that reads a file twice shall gain nothing by it. */
typedef struct {
    uint64_t text[2]; /* up to fifteen bytes, and the length */
    PyObject *value;
} Known;

#define MOST_DECIMALS 4096
#define MOST_OTHERS 512
static Known decimals[MOST_DECIMALS], dates[MOST_OTHERS], times[MOST_OTHERS];
static PyObject *decimal_type, *read_decimal, *read_integer, *read_date, *read_time;

static inline Known *known(Known *table, size_t size, const Span *s, uint64_t text[2]) {
    unsigned char bytes[16] = {0};
    memcpy(bytes, s->at, (size_t)s->size);
    bytes[15] = (unsigned char)s->size;
    memcpy(text, bytes, 16);
    uint64_t hash = (text[0] ^ (text[1] * 0x9E3779B97F4A7C15u)) * 0xD6E8FEB86659FD93u;
    return &table[(hash >> 40) & (size - 1)];
}

/* Whether Decimal may read it and would spell it the same: no sign, point or zero that says
   nothing. */
static int is_plain(const Span *s) {
    const unsigned char *c = s->at, *end = c + s->size;
    if (c < end && *c == '-')
        c++;
    const unsigned char *whole = c;
    while (c < end && *c >= '0' && *c <= '9')
        c++;
    Py_ssize_t digits = c - whole;
    if (!digits || (whole[0] == '0' && digits > 1))
        return 0;
    if (c == end)
        return whole[0] != '0' || s->size == 1;
    if (*c++ != '.' || c == end || end[-1] == '0')
        return 0;
    while (c < end && *c >= '0' && *c <= '9')
        c++;
    return c == end;
}

static inline PyObject *text_of(const Span *s) {
    return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, s->at, s->size);
}

static PyObject *converted(PyObject *convert, const Span *s) {
    PyObject *text = text_of(s);
    if (text == NULL)
        return NULL;
    PyObject *value = PyObject_CallOneArg(convert, text);
    Py_DECREF(text);
    return value;
}

static PyObject *remembered(Known *table, size_t size, const Span *s, PyObject *convert) {
    uint64_t text[2];
    Known *entry = known(table, size, s, text);
    if (entry->value != NULL && entry->text[0] == text[0] && entry->text[1] == text[1])
        return Py_NewRef(entry->value);
    PyObject *value = converted(table == decimals && is_plain(s) ? decimal_type : convert, s);
    if (value != NULL) {
        PyObject *old = entry->value;
        entry->text[0] = text[0];
        entry->text[1] = text[1];
        entry->value = Py_NewRef(value);
        Py_XDECREF(old);
    }
    return value;
}

static PyObject *integer(const Span *s) {
    long long value = 0;
    if (s->at[0] == '0' && s->size > 1)
        return converted(read_integer, s);
    for (Py_ssize_t k = 0; k < s->size; k++) {
        if (s->at[k] < '0' || s->at[k] > '9')
            return converted(read_integer, s);
        value = value * 10 + (s->at[k] - '0');
    }
    return PyLong_FromLongLong(value);
}

static PyObject *date_of(const Span *s) {
    if (s->size != 8)
        return NULL;
    for (int k = 0; k < 8; k++)
        if (s->at[k] < '0' || s->at[k] > '9')
            return NULL;
    return remembered(dates, MOST_OTHERS, s, read_date);
}

/* The value of an element that is there; NULL where it is not right. Numbers and dates of more
   than fifteen bytes may break a limit that counts digits only. */
static PyObject *value_of(const Atom *a, const Span *s) {
    if (s->size < a->least || (a->most && s->size > a->most))
        return NULL;
    if (a->count) {
        Word word = word_of(s->at, s->size);
        for (int k = 0; k < a->count; k++)
            if (a->codes[k].word == word)
                return Py_NewRef(a->codes[k].text);
        return NULL;
    }
    if (a->type == STR)
        return text_of(s);
    if (s->size > 15 || s->size == 0)
        return NULL;
    switch (a->type) {
    case DECIMAL:
        return s->at[s->size - 1] == '.' ? NULL
                                         : remembered(decimals, MOST_DECIMALS, s, read_decimal);
    case INTEGER:
        return integer(s);
    case DATE:
        return date_of(s);
    default:
        return remembered(times, MOST_OTHERS, s, read_time);
    }
}

/* ── segments ── */

static PyObject *object_of(const Program *p, const Span *e, int count, uint64_t present, Stand *x);

static PyObject *parts_of(const Program *p, const Span *s, Stand *x) {
    Span part[ELEMENTS];
    int count = 1; /* components are counted from 1, as elements are */
    uint64_t present = 0;
    const unsigned char *at = s->at, *end = s->at + s->size;
    for (const unsigned char *c = at;; c++) {
        if (c < end && *c != x->component)
            continue;
        if (count > p->width)
            return NULL;
        part[count].at = at;
        part[count].size = c - at;
        present |= (uint64_t)(c > at) << count;
        count++;
        at = c + 1;
        if (c == end)
            break;
    }
    return object_of(p, part, count, present, x);
}

static int append(PyObject *list, PyObject *value) {
    if (value == NULL)
        return -1;
    int failed = PyList_Append(list, value);
    Py_DECREF(value);
    return failed;
}

static PyObject *run_of(const Field *f, const Span *e, int count, uint64_t present, Stand *x) {
    PyObject *list = PyList_New(0);
    if (list == NULL)
        return NULL;
    for (int k = 0; k < f->times; k++) {
        int pos = f->pos + k * f->span;
        if (pos >= count)
            break;
        PyObject *value;
        if (f->shape == GROUPS) {
            uint64_t ours = (present >> (pos - 1)) & (((uint64_t)1 << (f->span + 1)) - 2);
            if (!ours)
                continue;
            if (!(ours & 2))
                goto refused;
            int here = count - pos + 1;
            value = object_of(f->parts[0], e + pos - 1, here <= f->span ? here : f->span + 1, ours, x);
        } else if (!(present >> pos & 1))
            continue;
        else if (f->shape == RUN)
            value = value_of(&f->atoms[k], e + pos);
        else
            value = parts_of(f->parts[k], e + pos, x);
        if (append(list, value) < 0)
            goto refused;
    }
    return list;
refused:
    Py_DECREF(list);
    return NULL;
}

/* The object of some elements or components, from 1 on; NULL where something is not right. */
static PyObject *object_of(const Program *p, const Span *e, int count, uint64_t present, Stand *x) {
    if (count - 1 > p->width || (present & p->required) != p->required || present & p->never)
        return NULL;
    for (int k = 0; k < p->notes; k++) {
        const Note *n = &p->note[k];
        uint64_t here = present & n->all;
        int wrong = n->kind == 'P'   ? here != 0 && here != n->all
                    : n->kind == 'R' ? here == 0
                    : n->kind == 'E' ? (here & (here - 1)) != 0
                    : n->kind == 'C' ? (here & n->first) && here != n->all
                                     : (here & n->first) && here == n->first;
        if (wrong)
            return NULL;
    }
    PyObject *o = p->cls->tp_alloc(p->cls, 0);
    if (o == NULL)
        return NULL;
    for (int k = 0; k < p->fields; k++) {
        const Field *f = &p->field[k];
        PyObject *value;
        if (f->shape >= RUN)
            value = run_of(f, e, count, present, x);
        else if (!(present >> f->pos & 1))
            value = Py_NewRef(Py_None);
        else if (f->shape == ONE)
            value = value_of(f->atoms, e + f->pos);
        else
            value = parts_of(f->parts[0], e + f->pos, x);
        if (value == NULL) {
            Py_DECREF(o);
            return NULL;
        }
        *(PyObject **)((char *)o + f->slot) = value;
    }
    if (p->form && (present >> p->form & 1) && (present >> p->value & 1)) {
        PyObject *day = NULL;
        if (word_of(e[p->form].at, e[p->form].size) == word_of((const unsigned char *)"D8", 2))
            day = date_of(e + p->value);
        if (day == NULL) {
            if (PyErr_Occurred()) {
                Py_DECREF(o);
                return NULL;
            }
            x->doubtful = 1;
        }
        Py_XDECREF(day);
    }
    return o;
}

static PyObject *segment(const Program *p, Stand *x) {
    if (x->count < 2 || x->composed & ~p->composed)
        return NULL;
    x->doubtful = 0;
    PyObject *o = object_of(p, x->element, x->count, x->present, x);
    if (o != NULL && (p->faults == 2 || (p->faults && x->doubtful))) {
        PyObject *found = PyObject_CallMethod(o, "faults", NULL);
        int right = found != NULL && PyObject_IsTrue(found) == 0;
        Py_XDECREF(found);
        if (!right) {
            Py_DECREF(o);
            return NULL;
        }
    }
    return o;
}

/* ── loops ── */

/* Cut the line we stand at. */
static void cut(Stand *x) {
    PyObject *line = PyList_GET_ITEM(x->lines, x->i);
    x->tag = 0;
    x->count = 0;
    x->present = x->composed = 0;
    x->end = x->i + 1 >= PyList_GET_SIZE(x->lines) || PyUnicode_KIND(line) != PyUnicode_1BYTE_KIND;
    if (x->end)
        return;
    const unsigned char *at = PyUnicode_1BYTE_DATA(line), *c = at;
    const unsigned char *end = c + PyUnicode_GET_LENGTH(line), separator = x->separator;
    const unsigned char component = x->component;
    int count = 0;
    for (;; c++) {
        if (c < end) {
            if (*c == component)
                x->composed |= (uint64_t)1 << count;
            if (*c != separator)
                continue;
        }
        x->element[count].at = at;
        x->element[count].size = c - at;
        x->present |= (uint64_t)(c > at) << count;
        count++;
        at = c + 1;
        if (c == end)
            break;
        if (count == ELEMENTS)
            return;
    }
    x->count = count;
    x->tag = word_of(x->element[0].at, x->element[0].size);
}

static inline Word qualifier(const Stand *x, int at) {
    return at < x->count ? word_of(x->element[at].at, x->element[at].size) : 0;
}

/* What stands in this slot, made now if it was not needed before. NULL: error. None: no reader. */
static PyObject *ready(PyObject **reader) {
    PyObject *found = *reader;
    if (Py_IS_TYPE(found, &ProgramType) || Py_IS_TYPE(found, &LoopType) || found == Py_None)
        return found;
    PyObject *made = PyObject_CallNoArgs(found);
    if (made == NULL)
        return NULL;
    if (!Py_IS_TYPE(made, &ProgramType) && !Py_IS_TYPE(made, &LoopType) && made != Py_None) {
        Py_DECREF(made);
        PyErr_SetString(PyExc_TypeError, "no reader was made");
        return NULL;
    }
    Py_SETREF(*reader, made);
    return made;
}

static PyObject *loop(Loop *l, Stand *x);

/* Read the child we stand at; `uses` counts those of mixed segments. NULL: refused, or an error. */
static PyObject *child(Child *c, Stand *x, unsigned short *uses) {
    PyObject **slot = &c->reader;
    if (c->kinds) {
        if (c->by >= x->count)
            return NULL;
        Span s = x->element[c->by];
        const unsigned char *mark = s.size ? memchr(s.at, x->component, (size_t)s.size) : NULL;
        if (mark != NULL)
            s.size = mark - s.at;
        Word word = word_of(s.at, s.size);
        int k = 0;
        while (k < c->qualifiers && c->qualifier[k].word != word)
            k++;
        if (k == c->qualifiers)
            return NULL;
        uses[c->first + c->qualifier[k].kind]++;
        slot = &c->kind[c->qualifier[k].kind].reader;
    }
    PyObject *reader = ready(slot);
    if (reader == NULL || reader == Py_None)
        return NULL;
    if (c->loop)
        return Py_IS_TYPE(reader, &LoopType) ? loop((Loop *)reader, x) : NULL;
    if (!Py_IS_TYPE(reader, &ProgramType))
        return NULL;
    PyObject *o = segment((Program *)reader, x);
    if (o != NULL) {
        x->i++;
        cut(x);
    }
    return o;
}

/* Whether the segment we stand at certainly ends this loop. */
static int leaves(const Loop *l, const Stand *x) {
    if (x->end)
        return 1;
    for (int k = 0; k < l->leaves; k++)
        if (l->leave[k].tag == x->tag)
            return !l->leave[k].words
                   || among(qualifier(x, l->leave[k].at), l->leave[k].word, l->leave[k].words);
    return 0;
}

static int complete(const Loop *l, const unsigned short *counts, const unsigned short *uses) {
    for (int k = 0; k < l->children; k++) {
        const Child *c = &l->child[k];
        Py_ssize_t count = counts[k];
        if (count < c->least || (c->most && count > c->most) || (c->required && !count))
            return 0;
        for (int n = 0; n < c->kinds; n++) {
            int used = uses[c->first + n];
            if ((c->kind[n].most && used > c->kind[n].most) || (c->kind[n].due && !used))
                return 0;
        }
    }
    return 1;
}

static PyObject *loop(Loop *l, Stand *x) {
    unsigned short counts[CHILDREN] = {0}, uses[KINDS] = {0};
    PyObject *o = l->cls->tp_alloc(l->cls, 0);
    if (o == NULL)
        return NULL;
    for (int k = 0; k < l->slots; k++) {
        PyObject *value = l->slot[k].list ? PyList_New(0) : Py_NewRef(Py_None);
        if (value == NULL)
            goto refused;
        *(PyObject **)((char *)o + l->slot[k].slot) = value;
    }
    PyObject *number = PyLong_FromSsize_t(x->base + x->i);
    if (number == NULL)
        goto refused;
    *(PyObject **)((char *)o + l->number) = number;
    int k = 0;
    if (l->head != NONE) {
        Child *c = &l->child[k++];
        if (l->head != MAYBE || x->tag == c->tag) {
            PyObject *value = child(c, x, uses);
            if (value == NULL)
                goto refused;
            Py_SETREF(*(PyObject **)((char *)o + c->slot), value);
            counts[0] = 1;
        }
    }
    while (k < l->children && !x->end) {
        Child *c = &l->child[k];
        if (c->tag != x->tag) {
            k++;
            continue;
        }
        int last = k; /* the children that share this identifier, and so a position */
        while (last < l->children && l->child[last].tag == x->tag)
            last++;
        do {
            int n = k;
            for (; n < last; n++) {
                c = &l->child[n];
                if ((c->repeats || !counts[n])
                    && (!c->words || among(qualifier(x, c->at), c->word, c->words)))
                    break;
            }
            if (n == last)
                break;
            PyObject *value = child(c, x, uses);
            if (value == NULL)
                goto refused;
            PyObject **slot = (PyObject **)((char *)o + c->slot);
            if (counts[n]++ == 65000)
                value = NULL;
            if (c->repeats) {
                if (append(*slot, value) < 0)
                    goto refused;
            } else
                Py_SETREF(*slot, value);
        } while (x->tag == l->child[k].tag && !x->end);
        k = last;
    }
    if (leaves(l, x) && complete(l, counts, uses))
        return o;
refused:
    Py_DECREF(o);
    return NULL;
}

static PyObject *Loop_read(Loop *self, PyObject *const *args, Py_ssize_t given) {
    Stand x;
    if (given != 3 || !PyList_CheckExact(args[0])) {
        PyErr_SetString(PyExc_TypeError, "read(lines, index, number of the first line)");
        return NULL;
    }
    x.lines = args[0];
    x.i = PyLong_AsSsize_t(args[1]);
    x.base = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred())
        return NULL;
    if (x.i < 0 || x.i >= PyList_GET_SIZE(x.lines)) {
        PyErr_SetString(PyExc_IndexError, "no such line");
        return NULL;
    }
    x.separator = self->separator;
    x.component = self->component;
    cut(&x);
    PyObject *o = x.end ? NULL : loop(self, &x);
    if (o == NULL) {
        if (PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_ValueError) && !PyErr_ExceptionMatches(PyExc_IndexError))
                return NULL;
            PyErr_Clear(); /* of a number or date: it is not right */
        }
        o = Py_NewRef(Py_None);
    }
    return Py_BuildValue("(Nn)", o, x.i);
}

/* ── tables ── */

/* An array of as many as a tuple has; at least one, so that NULL is an error. */
static void *array_for(PyObject *tuple, size_t size, int *count) {
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "a table is a tuple");
        return NULL;
    }
    *count = (int)PyTuple_GET_SIZE(tuple);
    void *array = PyMem_Calloc((size_t)*count + 1, size);
    if (array == NULL) {
        *count = 0;
        PyErr_NoMemory();
    }
    return array;
}

static int words_from(PyObject *tuple, Word **words, int *count) {
    if ((*words = array_for(tuple, sizeof(Word), count)) == NULL)
        return -1;
    for (int k = 0; k < *count; k++)
        if (word_from(PyTuple_GET_ITEM(tuple, k), &(*words)[k]) < 0)
            return -1;
    return 0;
}

/* Where an attribute stands in the objects of a class. */
static Py_ssize_t slot_from(PyTypeObject *cls, PyObject *name) {
    PyObject *found = PyObject_GetAttr((PyObject *)cls, name);
    if (found == NULL)
        return -1;
    Py_ssize_t offset = -1;
    if (Py_IS_TYPE(found, &PyMemberDescr_Type)) {
        PyMemberDef *member = ((PyMemberDescrObject *)found)->d_member;
        PyTypeObject *owner = PyDescr_TYPE((PyDescrObject *)found);
        if (member->type == T_OBJECT_EX && PyType_IsSubtype(cls, owner))
            offset = member->offset;
    }
    Py_DECREF(found);
    if (offset < 0)
        PyErr_Format(PyExc_TypeError, "%U is no slot of %s", name, cls->tp_name);
    return offset;
}

static int is_ours(PyTypeObject *cls) {
    if (PyType_Check(cls) && cls->tp_flags & Py_TPFLAGS_HEAPTYPE && cls->tp_itemsize == 0)
        return 1;
    PyErr_SetString(PyExc_TypeError, "a declared class is needed");
    return 0;
}

/* (type, least, most, codes) */
static int atom_from(PyObject *table, Atom *a) {
    PyObject *codes;
    int type;
    if (!PyArg_ParseTuple(table, "innO", &type, &a->least, &a->most, &codes))
        return -1;
    a->type = (Type)type;
    if ((a->codes = array_for(codes, sizeof(Code), &a->count)) == NULL)
        return -1;
    for (int k = 0; k < a->count; k++) {
        if (word_from(PyTuple_GET_ITEM(codes, k), &a->codes[k].word) < 0)
            return -1;
        a->codes[k].text = Py_NewRef(PyTuple_GET_ITEM(codes, k));
    }
    return 0;
}

static int spans(const Field *f) {
    return f->shape == RUN || f->shape == RUN_OF_PARTS ? f->times : 1;
}

/* (name, shape, pos, times, span, atoms or programs) */
static int field_from(PyObject *table, PyTypeObject *cls, Field *f) {
    PyObject *name, *parts;
    int shape, count;
    if (!PyArg_ParseTuple(table, "UiiiiO!", &name, &shape, &f->pos, &f->times, &f->span,
                          &PyTuple_Type, &parts))
        return -1;
    f->shape = (Shape)shape;
    if ((f->slot = slot_from(cls, name)) < 0)
        return -1;
    if (f->pos < 1 || f->span < 1 || f->times < 1 || f->pos + f->times * f->span > ELEMENTS
        || PyTuple_GET_SIZE(parts) != spans(f)) {
        PyErr_SetString(PyExc_ValueError, "a field has a wrong place");
        return -1;
    }
    if (f->shape == ONE || f->shape == RUN) {
        if ((f->atoms = array_for(parts, sizeof(Atom), &count)) == NULL)
            return -1;
        for (int k = 0; k < count; k++)
            if (atom_from(PyTuple_GET_ITEM(parts, k), &f->atoms[k]) < 0)
                return -1;
        return 0;
    }
    if ((f->parts = array_for(parts, sizeof(Program *), &count)) == NULL)
        return -1;
    for (int k = 0; k < count; k++) {
        PyObject *part = PyTuple_GET_ITEM(parts, k);
        if (!Py_IS_TYPE(part, &ProgramType)) {
            PyErr_SetString(PyExc_TypeError, "a part is a Program");
            return -1;
        }
        f->parts[k] = (Program *)Py_NewRef(part);
    }
    return 0;
}

/* Program(cls, width, required, never, composed, form, value, faults, notes, fields) */
static PyObject *Program_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyTypeObject *cls;
    unsigned long long required, never, composed;
    int width, form, value, faults;
    PyObject *notes, *fields;
    if (!PyArg_ParseTuple(args, "O!iKKKiiiOO", &PyType_Type, &cls, &width, &required, &never,
                          &composed, &form, &value, &faults, &notes, &fields)
        || !is_ours(cls))
        return NULL;
    if (width < 1 || width >= ELEMENTS || form < 0 || form > width || value < 0 || value > width) {
        PyErr_SetString(PyExc_ValueError, "a segment is too wide");
        return NULL;
    }
    Program *p = (Program *)type->tp_alloc(type, 0);
    if (p == NULL)
        return NULL;
    p->cls = (PyTypeObject *)Py_NewRef(cls);
    p->width = width;
    p->required = required;
    p->never = never;
    p->composed = composed;
    p->form = form;
    p->value = value;
    p->faults = faults;
    if ((p->note = array_for(notes, sizeof(Note), &p->notes)) == NULL)
        goto failed;
    for (int k = 0; k < p->notes; k++) {
        unsigned long long first, all;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(notes, k), "CKK", &p->note[k].kind, &first, &all))
            goto failed;
        p->note[k].first = first;
        p->note[k].all = all;
    }
    if ((p->field = array_for(fields, sizeof(Field), &p->fields)) == NULL)
        goto failed;
    for (int k = 0; k < p->fields; k++)
        if (field_from(PyTuple_GET_ITEM(fields, k), cls, &p->field[k]) < 0)
            goto failed;
    return (PyObject *)p;
failed:
    Py_DECREF(p);
    return NULL;
}

static void Program_dealloc(Program *p) {
    for (int k = 0; p->field != NULL && k < p->fields; k++) {
        Field *f = &p->field[k];
        for (int n = 0; n < spans(f); n++) {
            if (f->parts != NULL)
                Py_XDECREF(f->parts[n]);
            if (f->atoms == NULL)
                continue;
            for (int m = 0; f->atoms[n].codes != NULL && m < f->atoms[n].count; m++)
                Py_XDECREF(f->atoms[n].codes[m].text);
            PyMem_Free(f->atoms[n].codes);
        }
        PyMem_Free(f->parts);
        PyMem_Free(f->atoms);
    }
    PyMem_Free(p->field);
    PyMem_Free(p->note);
    Py_XDECREF(p->cls);
    Py_TYPE(p)->tp_free(p);
}

/* (name, tag, at, qualifiers, repeats, loop, required, least, most, reader, by,
    ((reader, most, due), ...), ((qualifier, kind), ...)) */
static int child_from(PyObject *table, Loop *l, Child *c) {
    PyObject *name, *tag, *words, *reader, *kinds, *qualifiers;
    if (!PyArg_ParseTuple(table, "UUiOpppnnOiOO", &name, &tag, &c->at, &words, &c->repeats,
                          &c->loop, &c->required, &c->least, &c->most, &reader, &c->by, &kinds,
                          &qualifiers))
        return -1;
    c->reader = Py_NewRef(reader);
    if ((c->slot = slot_from(l->cls, name)) < 0 || word_from(tag, &c->tag) < 0
        || words_from(words, &c->word, &c->words) < 0)
        return -1;
    if ((c->kind = array_for(kinds, sizeof(Kind), &c->kinds)) == NULL
        || (c->qualifier = array_for(qualifiers, sizeof(Qualifier), &c->qualifiers)) == NULL)
        return -1;
    c->first = l->kinds;
    l->kinds += c->kinds;
    if (l->kinds > KINDS || c->at < 0 || c->by < 0) {
        PyErr_SetString(PyExc_ValueError, "too many uses of mixed segments");
        return -1;
    }
    for (int k = 0; k < c->kinds; k++) {
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(kinds, k), "Oip", &reader, &c->kind[k].most,
                              &c->kind[k].due))
            return -1;
        c->kind[k].reader = Py_NewRef(reader);
    }
    for (int k = 0; k < c->qualifiers; k++) {
        PyObject *word;
        int kind;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(qualifiers, k), "Ui", &word, &kind)
            || word_from(word, &c->qualifier[k].word) < 0)
            return -1;
        if (kind < 0 || kind >= c->kinds) {
            PyErr_SetString(PyExc_ValueError, "no such use");
            return -1;
        }
        c->qualifier[k].kind = kind;
    }
    return 0;
}

/* Loop(cls, head, separator, component, ((name, is a list), ...), children,
        ((tag, at, qualifiers), ...)) */
static PyObject *Loop_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named)) {
    PyTypeObject *cls;
    PyObject *slots, *children, *leave;
    int head, separator, component;
    if (!PyArg_ParseTuple(args, "O!iCCOOO", &PyType_Type, &cls, &head, &separator, &component,
                          &slots, &children, &leave)
        || !is_ours(cls))
        return NULL;
    Loop *l = (Loop *)type->tp_alloc(type, 0);
    if (l == NULL)
        return NULL;
    l->cls = (PyTypeObject *)Py_NewRef(cls);
    l->head = (Head)head;
    l->separator = (unsigned char)separator;
    l->component = (unsigned char)component;
    PyObject *number = PyUnicode_InternFromString("at");
    if (number == NULL || (l->number = slot_from(cls, number)) < 0) {
        Py_XDECREF(number);
        goto failed;
    }
    Py_DECREF(number);
    if ((l->slot = array_for(slots, sizeof(Slot), &l->slots)) == NULL)
        goto failed;
    for (int k = 0; k < l->slots; k++) {
        PyObject *name;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(slots, k), "Up", &name, &l->slot[k].list)
            || (l->slot[k].slot = slot_from(cls, name)) < 0)
            goto failed;
    }
    if ((l->child = array_for(children, sizeof(Child), &l->children)) == NULL)
        goto failed;
    if (l->children > CHILDREN || separator > 255 || component > 255
        || (l->head != NONE && !l->children)) {
        PyErr_SetString(PyExc_ValueError, "a loop that no reader fits");
        goto failed;
    }
    for (int k = 0; k < l->children; k++)
        if (child_from(PyTuple_GET_ITEM(children, k), l, &l->child[k]) < 0)
            goto failed;
    if ((l->leave = array_for(leave, sizeof(Leave), &l->leaves)) == NULL)
        goto failed;
    for (int k = 0; k < l->leaves; k++) {
        PyObject *tag, *words;
        Leave *w = &l->leave[k];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(leave, k), "UiO", &tag, &w->at, &words)
            || word_from(tag, &w->tag) < 0 || words_from(words, &w->word, &w->words) < 0)
            goto failed;
    }
    return (PyObject *)l;
failed:
    Py_DECREF(l);
    return NULL;
}

static int Loop_traverse(Loop *l, visitproc visit, void *arg) {
    Py_VISIT(l->cls);
    for (int k = 0; l->child != NULL && k < l->children; k++) {
        Py_VISIT(l->child[k].reader);
        for (int n = 0; l->child[k].kind != NULL && n < l->child[k].kinds; n++)
            Py_VISIT(l->child[k].kind[n].reader);
    }
    return 0;
}

static int Loop_clear(Loop *l) {
    for (int k = 0; l->child != NULL && k < l->children; k++) {
        if (l->child[k].reader != NULL)
            Py_SETREF(l->child[k].reader, Py_NewRef(Py_None));
        for (int n = 0; l->child[k].kind != NULL && n < l->child[k].kinds; n++)
            if (l->child[k].kind[n].reader != NULL)
                Py_SETREF(l->child[k].kind[n].reader, Py_NewRef(Py_None));
    }
    return 0;
}

static void Loop_dealloc(Loop *l) {
    PyObject_GC_UnTrack(l);
    for (int k = 0; l->child != NULL && k < l->children; k++) {
        Child *c = &l->child[k];
        Py_XDECREF(c->reader);
        for (int n = 0; c->kind != NULL && n < c->kinds; n++)
            Py_XDECREF(c->kind[n].reader);
        PyMem_Free(c->kind);
        PyMem_Free(c->qualifier);
        PyMem_Free(c->word);
    }
    for (int k = 0; l->leave != NULL && k < l->leaves; k++)
        PyMem_Free(l->leave[k].word);
    PyMem_Free(l->child);
    PyMem_Free(l->leave);
    PyMem_Free(l->slot);
    Py_XDECREF(l->cls);
    Py_TYPE(l)->tp_free(l);
}

/* ── the module ── */

static PyMethodDef loop_methods[] = {
    {"read", (PyCFunction)(void (*)(void))Loop_read, METH_FASTCALL,
     "read(lines, i, base): the loop that begins with line i, and the line behind it.\n\n"
     "None in its place where something is not right; the line is then the one that was not.\n"
     "`base` is the file-wide number of the first line."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject ProgramType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "edi.model._core.Program",
    .tp_basicsize = sizeof(Program),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "A segment at one place of a guide, a composite, or a group of elements.",
    .tp_new = Program_new,
    .tp_dealloc = (destructor)Program_dealloc,
};

static PyTypeObject LoopType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "edi.model._core.Loop",
    .tp_basicsize = sizeof(Loop),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "A loop at its place in a guide.",
    .tp_new = Loop_new,
    .tp_dealloc = (destructor)Loop_dealloc,
    .tp_traverse = (traverseproc)Loop_traverse,
    .tp_clear = (inquiry)Loop_clear,
    .tp_methods = loop_methods,
};

static PyObject *convert(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *given[5];
    if (!PyArg_ParseTuple(args, "OOOOO", &given[0], &given[1], &given[2], &given[3], &given[4]))
        return NULL;
    PyObject **ours[5] = {&decimal_type, &read_decimal, &read_integer, &read_date, &read_time};
    for (int k = 0; k < 5; k++)
        Py_XSETREF(*ours[k], Py_NewRef(given[k]));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"convert", convert, METH_VARARGS,
     "convert(Decimal, number, integer, date, time): what makes values of texts."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_core", "Reads loops that are right in every segment.", -1, functions,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__core(void) {
    if (PyType_Ready(&ProgramType) < 0 || PyType_Ready(&LoopType) < 0)
        return NULL;
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL || PyModule_AddIntConstant(module, "VERSION", VERSION) < 0
        || PyModule_AddObjectRef(module, "Program", (PyObject *)&ProgramType) < 0
        || PyModule_AddObjectRef(module, "Loop", (PyObject *)&LoopType) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
